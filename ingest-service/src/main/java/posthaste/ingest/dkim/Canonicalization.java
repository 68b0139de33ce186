package posthaste.ingest.dkim;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import posthaste.ingest.message.HeaderField;

/**
 * What a signature makes of header and body before it hashes them (RFC 6376 section 3.4). Works on
 * octets, since a header may hold any.
 */
public enum Canonicalization {
    /** Nothing may change on the way. */
    SIMPLE,
    /** Blanks, folds and the case of field names may change. */
    RELAXED;

    /** As the {@code c} tag has it. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A field with its CRLF, also when it stands at the very end of a message without one. */
    byte[] field(HeaderField field) {
        return switch (this) {
            case SIMPLE -> withLineEnd(field.octets());
            case RELAXED -> relaxed(field);
        };
    }

    private static byte[] withLineEnd(byte[] octets) {
        if (octets.length > 0 && octets[octets.length - 1] == '\n') {
            return octets;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(octets.length + 2);
        out.writeBytes(octets);
        lineEnd(out);
        return out.toByteArray();
    }

    private static byte[] relaxed(HeaderField field) {
        byte[] value = field.valueOctets();
        ByteArrayOutputStream out = new ByteArrayOutputStream(value.length + 40);
        out.writeBytes(field.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
        out.write(':');
        boolean blank = false;
        boolean begun = false;
        for (int i = 0; i < value.length; i++) {
            byte b = value[i];
            if (b == ' ' || b == '\t') {
                blank = true;
            } else if (!isLineEnd(value, i)) {
                if (blank && begun) {
                    out.write(' ');
                }
                out.write(b);
                blank = false;
                begun = true;
            }
        }
        lineEnd(out);
        return out.toByteArray();
    }

    private static boolean isLineEnd(byte[] value, int i) {
        return value[i] == '\n'
                || (value[i] == '\r' && i + 1 < value.length && value[i + 1] == '\n');
    }

    private static void lineEnd(ByteArrayOutputStream out) {
        out.write('\r');
        out.write('\n');
    }
}
