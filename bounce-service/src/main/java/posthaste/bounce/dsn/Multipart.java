package posthaste.bounce.dsn;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A message of several parts (RFC 2046 section 5.1) while it is being written. */
final class Multipart {
    /** Content that writes itself. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Encodings of RFC 2045 section 6.1. */
    static final String SEVEN_BIT = "7bit";

    static final String EIGHT_BIT = "8bit";
    static final String BASE64 = "base64";
    private static final String QUOTED_PRINTABLE = "quoted-printable";

    private final String boundary;
    private final boolean eightBitTransport;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(8192);

    /**
     * Begins with nothing.
     *
     * @param boundary that no part has a line of
     * @param eightBitTransport whether the next hop will have to take 8-bit octets anyway
     */
    Multipart(String boundary, boolean eightBitTransport) {
        this.boundary = boundary;
        this.eightBitTransport = eightBitTransport;
    }

    /** Its media type, as the field bears it. */
    String type(String reportType) {
        return "multipart/report; report-type=" + reportType + "; boundary=\"" + boundary + '"';
    }

    /** Text outside of the parts: the header, and what stands before the first part. */
    Multipart text(Object text) {
        out.writeBytes(octets(text.toString()));
        return this;
    }

    /**
     * A part that is in memory, in the plainest encoding that its octets and the transport allow.
     */
    void part(String type, String description, byte[] content) {
        part(type, description, Optional.empty(), content);
    }

    /** The same in a language, by its tag (RFC 3282). */
    void part(String type, String description, Optional<String> language, byte[] content) {
        MessageSurvey survey = MessageSurvey.of(content);
        if (survey.fit() && !survey.eightBit()) {
            begin(type, description, language, SEVEN_BIT);
            out.writeBytes(content);
        } else if (survey.fit() && eightBitTransport) {
            begin(type, description, language, EIGHT_BIT);
            out.writeBytes(content);
        } else {
            begin(type, description, language, QUOTED_PRINTABLE);
            try {
                encoded(QUOTED_PRINTABLE, to -> to.write(content)).writeTo(out);
            } catch (IOException e) {
                throw new UncheckedIOException("memory takes all that is written to it", e);
            }
        }
    }

    /** Begins a part whose content, so encoded, is written later. */
    void begin(String type, String description, String transferEncoding) {
        begin(type, description, Optional.empty(), transferEncoding);
    }

    private void begin(
            String type, String description, Optional<String> language, String transferEncoding) {
        text("\r\n--" + boundary + "\r\n");
        Lines fields =
                new Lines().field("Content-Type", type).field("Content-Description", description);
        language.ifPresent(tag -> fields.field("Content-Language", tag));
        text(fields.field("Content-Transfer-Encoding", transferEncoding).blank());
    }

    /** All that was written so far. */
    byte[] octets() {
        return out.toByteArray();
    }

    /** What ends it, behind the last part. */
    byte[] end() {
        return octets("\r\n--" + boundary + "--\r\n");
    }

    static Content encoded(String transferEncoding, Content content) {
        return to -> {
            try {
                OutputStream encoder = MimeUtility.encode(to, transferEncoding);
                content.writeTo(encoder);
                encoder.flush();
            } catch (MessagingException e) {
                throw new IllegalStateException("Jakarta Mail knows " + transferEncoding, e);
            }
        };
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
