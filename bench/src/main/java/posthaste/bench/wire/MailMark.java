package posthaste.bench.wire;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A header field that tells which mail of which run a message is, and when it was due to be sent.
 * Of fixed length, so that messages are as large as they are meant to be.
 *
 * @param run tells the mails of this run from those of others
 * @param number of the mail, counted from 0
 * @param dueAt on the clock of {@link System#nanoTime} of the generator's process
 */
public record MailMark(int run, int number, long dueAt) {
    private static final String NAME = "X-Bench: ";
    private static final byte[] BEGIN = ("\n" + NAME).getBytes(StandardCharsets.US_ASCII);
    private static final int HEX = 16;

    /** Octets of the field with its CRLF. */
    public static final int LENGTH = NAME.length() + 8 + 1 + 8 + 1 + 16 + 2;

    /** The field with its CRLF. */
    public String field() {
        return "%s%08x-%08x-%016x\r\n".formatted(NAME, run, number, dueAt);
    }

    /**
     * Finds the field in a header.
     *
     * @param octets the beginning of a message, of which {@code length} count
     */
    public static Optional<MailMark> find(byte[] octets, int length) {
        for (int i = 0; i + 1 + LENGTH <= length; i++) {
            if (octets[i] == '\n' && isHere(octets, i)) {
                String value =
                        new String(
                                octets,
                                i + BEGIN.length,
                                LENGTH - NAME.length() - 2,
                                StandardCharsets.US_ASCII);
                return read(value);
            }
        }
        return Optional.empty();
    }

    private static boolean isHere(byte[] octets, int at) {
        for (int i = 0; i < BEGIN.length; i++) {
            if (octets[at + i] != BEGIN[i]) {
                return false;
            }
        }
        return true;
    }

    private static Optional<MailMark> read(String value) {
        try {
            return Optional.of(
                    new MailMark(
                            Integer.parseUnsignedInt(value, 0, 8, HEX),
                            Integer.parseUnsignedInt(value, 9, 17, HEX),
                            Long.parseUnsignedLong(value, 18, 34, HEX)));
        } catch (NumberFormatException e) {
            // Somebody else's field.
            return Optional.empty();
        }
    }
}
