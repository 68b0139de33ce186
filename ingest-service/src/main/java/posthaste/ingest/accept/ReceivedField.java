package posthaste.ingest.accept;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import posthaste.ingest.submitter.TlsFacts;
import posthaste.mail.envelope.Envelope;

/** The Received field that we put on top of a message (RFC 5321 section 4.4). */
public final class ReceivedField {
    private static final DateTimeFormatter RFC_5322_DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss '+0000'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final String hostName;
    private final Map<String, String> ofListeners;

    public ReceivedField(String hostName) {
        this(hostName, Map.of());
    }

    /**
     * Fields by many names.
     *
     * @param hostName ours
     * @param ofListeners ours where a mail came in at one of these listeners
     */
    public ReceivedField(String hostName, Map<String, String> ofListeners) {
        this.hostName = hostName;
        this.ofListeners = Map.copyOf(ofListeners);
    }

    /**
     * The field with its last line end. {@code for} stands only where it tells no recipient of
     * another (RFC 5321 section 7.2).
     */
    byte[] of(IncomingMail mail) {
        Envelope envelope = mail.envelope();
        StringBuilder out = new StringBuilder(256);
        out.append("Received: from ").append(envelope.client().helo());
        out.append(" (").append(literal(envelope.client().address())).append(")\r\n");
        out.append("\tby ")
                .append(ofListeners.getOrDefault(mail.submitter().listener(), hostName))
                .append(" (Posthaste) with ")
                .append(protocol(mail));
        out.append(mail.submitter().tls().map(ReceivedField::comment).orElse(""));
        out.append(" id ").append(envelope.id());
        if (envelope.recipients().size() == 1) {
            out.append("\r\n\tfor <")
                    .append(envelope.recipients().getFirst().address())
                    .append('>');
        }
        out.append(";\r\n\t").append(RFC_5322_DATE.format(envelope.acceptedAt())).append("\r\n");
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** RFC 3848: with S over TLS, with A for who has logged in. */
    private static String protocol(IncomingMail mail) {
        if (mail.protocol() == Protocol.SMTP || mail.protocol() == Protocol.HTTP) {
            return mail.protocol().name();
        }
        return mail.protocol().name()
                + (mail.submitter().tls().isPresent() ? "S" : "")
                + (mail.submitter().login().isPresent() ? "A" : "");
    }

    private static String comment(TlsFacts tls) {
        return "\r\n\t(" + tls.protocol() + ' ' + tls.cipher() + ')';
    }

    private static String literal(String address) {
        return address.indexOf(':') >= 0 ? "[IPv6:" + address + ']' : "[" + address + ']';
    }
}
