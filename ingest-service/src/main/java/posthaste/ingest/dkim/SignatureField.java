package posthaste.ingest.dkim;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import posthaste.ingest.message.HeaderField;
import posthaste.ingest.message.MessageHeader;

/** Writes one DKIM-Signature field (RFC 6376 section 3.5). */
final class SignatureField {
    /** RFC 5322 section 2.1.1 would have lines of 78 characters. */
    private static final int LINE = 76;

    private static final String FOLD = "\r\n\t";

    private final SigningSettings settings;
    private final List<HeaderField> header;
    private final List<String> names;
    private final String bodyHash;
    private final Instant now;

    SignatureField(
            SigningSettings settings, List<HeaderField> header, byte[] bodyHash, Instant now) {
        this.settings = settings;
        this.header = header;
        this.names = settings.fields().names(header);
        this.bodyHash = Base64.getEncoder().encodeToString(bodyHash);
        this.now = now;
    }

    /** The field with its CRLF. */
    String by(SigningKey key) {
        String unsigned = unsigned(key);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (HeaderField field : SignedFields.selected(names, header)) {
            data.writeBytes(settings.header().field(field));
        }
        HeaderField itself = MessageHeader.of(unsigned).fields().getFirst();
        byte[] canonical = settings.header().field(itself);
        // RFC 6376 section 3.7: it is hashed last, without its line end.
        data.write(canonical, 0, canonical.length - 2);
        return unsigned
                + folded(Base64.getEncoder().encodeToString(key.sign(data.toByteArray())))
                + "\r\n";
    }

    private String unsigned(SigningKey key) {
        StringBuilder out = new StringBuilder(600);
        out.append("DKIM-Signature: v=1; a=").append(key.tag());
        out.append("; c=").append(settings.header().tag());
        out.append('/').append(settings.body().tag()).append(';').append(FOLD);
        out.append("d=").append(key.domain()).append("; s=").append(key.selector()).append(';');
        out.append(FOLD).append("t=").append(now.getEpochSecond());
        Duration validity = settings.validity();
        if (validity.isPositive()) {
            out.append("; x=").append(now.plus(validity).getEpochSecond());
        }
        out.append(';').append(FOLD).append("h=");
        int column = 4;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i) + (i + 1 < names.size() ? ":" : ";");
            if (column + name.length() > LINE) {
                out.append(FOLD);
                column = 1;
            }
            out.append(name);
            column += name.length();
        }
        out.append(FOLD).append("bh=").append(bodyHash).append(';').append(FOLD).append("b=");
        return out.toString();
    }

    /** Blanks within base64 are passed over, so it can be folded after it was made. */
    private static String folded(String base64) {
        StringBuilder out = new StringBuilder(base64.length() + 20);
        for (int at = 0; at < base64.length(); at += LINE - 4) {
            out.append(at == 0 ? "" : FOLD)
                    .append(base64, at, Math.min(base64.length(), at + LINE - 4));
        }
        return out.toString();
    }
}
