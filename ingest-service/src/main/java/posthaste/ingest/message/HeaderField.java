package posthaste.ingest.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** A header field: a view of the octets of its header, which nobody changes. */
public final class HeaderField {
    private static final Pattern LINE_ENDS = Pattern.compile("\r?\n");

    /** Would let a text pass for another, on a page or in a log. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private final byte[] header;
    private final int start;
    private final int colon;
    private final int end;
    private final String name;

    /**
     * A field of {@code header}, from {@code start} to {@code end}, exclusive, which is behind its
     * last line end.
     */
    HeaderField(byte[] header, int start, int colon, int end) {
        this.header = header;
        this.start = start;
        this.colon = colon;
        this.end = end;
        int nameEnd = colon;
        // RFC 5322 section 4.5: old mail has blanks before the colon.
        while (nameEnd > start && (header[nameEnd - 1] == ' ' || header[nameEnd - 1] == '\t')) {
            nameEnd--;
        }
        this.name = new String(header, start, nameEnd - start, StandardCharsets.US_ASCII);
    }

    /** As written. */
    public String name() {
        return name;
    }

    /** Whether it is called so, upper and lower case alike. */
    public boolean is(String fieldName) {
        return name.equalsIgnoreCase(fieldName);
    }

    /** Name, colon and value as they were submitted, with folds and the last line end. */
    public byte[] octets() {
        return Arrays.copyOfRange(header, start, end);
    }

    /** In octets, with its last line end. */
    public int length() {
        return end - start;
    }

    /** What stands behind the colon, with folds and the last line end, octet for octet. */
    public byte[] valueOctets() {
        return Arrays.copyOfRange(header, colon + 1, end);
    }

    /**
     * The value in one line, without blanks around it: UTF-8, or ISO 8859-1 where it is none. Not
     * decoded otherwise.
     */
    public String value() {
        ByteBuffer octets = ByteBuffer.wrap(header, colon + 1, end - colon - 1);
        return LINE_ENDS.matcher(decode(octets)).replaceAll("").strip();
    }

    /** The value without characters that cannot be seen, as it may go into a log. */
    public String visibleValue() {
        return INVISIBLE.matcher(value()).replaceAll("").strip();
    }

    /** Where it begins in its header. */
    int start() {
        return start;
    }

    /** Where the next one begins. */
    int end() {
        return end;
    }

    @Override
    public String toString() {
        return name + ": " + value();
    }

    private static String decode(ByteBuffer octets) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(octets.duplicate()).toString();
        } catch (CharacterCodingException e) {
            // Without a charset declared, any octets may stand there; none of them gets lost so.
            Charset eachOctet = StandardCharsets.ISO_8859_1;
            return eachOctet.decode(octets).toString();
        }
    }
}
