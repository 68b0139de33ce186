package posthaste.queue.ledger;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Bytes as the text that a commit can bear: a prefix with the version, a checksum over offset and
 * bytes, then 15 bits a character (the broker counts characters; none of these is a surrogate). The
 * checksum is bound to the offset, so that metadata which somebody copied to another offset says
 * nothing.
 */
final class Metadata {
    private static final String PREFIX = "ph1";
    private static final int BITS = 15;
    private static final int MASK = (1 << BITS) - 1;
    private static final char BASE = ' ';
    private static final int CHECKSUM_CHARS = 2;
    private static final int HEADER = PREFIX.length() + CHECKSUM_CHARS;

    private Metadata() {}

    /** The most bytes that {@code chars} characters can bear. */
    static int capacity(int chars) {
        return (chars - HEADER) * BITS / Byte.SIZE;
    }

    static String encode(long offset, byte[] bytes) {
        StringBuilder out = new StringBuilder(PREFIX);
        out.append(checksum(offset, bytes));
        int bits = 0;
        int have = 0;
        for (byte b : bytes) {
            bits = (bits << Byte.SIZE) | (b & 0xff);
            have += Byte.SIZE;
            if (have >= BITS) {
                have -= BITS;
                out.append(character(bits >>> have));
                bits &= (1 << have) - 1;
            }
        }
        if (have > 0) {
            out.append(character(bits << (BITS - have)));
        }
        return out.toString();
    }

    /** The bytes, perhaps with a zero byte behind them; empty for what is not ours. */
    static Optional<byte[]> decode(long offset, String text) {
        if (!text.startsWith(PREFIX) || text.length() < HEADER) {
            return Optional.empty();
        }
        byte[] bytes = new byte[capacity(text.length())];
        int bits = 0;
        int have = 0;
        int length = 0;
        for (int i = HEADER; i < text.length(); i++) {
            bits = (bits << BITS) | ((text.charAt(i) - BASE) & MASK);
            have += BITS;
            while (have >= Byte.SIZE && length < bytes.length) {
                have -= Byte.SIZE;
                bytes[length++] = (byte) (bits >>> have);
            }
            bits &= (1 << have) - 1;
        }
        String sum = text.substring(PREFIX.length(), HEADER);
        return sum.equals(checksum(offset, bytes)) ? Optional.of(bytes) : Optional.empty();
    }

    /** Of the bytes without the zeros behind them, which a reader cannot tell from padding. */
    private static String checksum(long offset, byte[] bytes) {
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(offset).flip());
        crc.update(bytes, 0, length);
        int sum = (int) crc.getValue();
        return "" + character(sum >>> BITS) + character(sum);
    }

    private static char character(int bits) {
        return (char) (BASE + (bits & MASK));
    }
}
