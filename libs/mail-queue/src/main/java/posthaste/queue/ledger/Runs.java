package posthaste.queue.ledger;

import java.util.Arrays;
import java.util.NavigableSet;

/**
 * The unsettled offsets from the low-water mark on, as bytes: lengths of runs, unsettled and
 * settled in turn, each above zero and as a varint. So a gap of millions costs little more than one
 * of hundreds.
 */
final class Runs {
    /** The bytes of the longest varint: a long, seven bits a byte. */
    static final int LONGEST_VARINT = 10;

    private Runs() {}

    static int varintLength(long value) {
        return value == 0 ? 1 : (63 - Long.numberOfLeadingZeros(value)) / 7 + 1;
    }

    /**
     * Writes runs.
     *
     * @param unsettled not empty; its first is where the runs begin
     * @param next one above the last offset that was taken
     */
    static byte[] encode(NavigableSet<Long> unsettled, long next) {
        Out out = new Out(4 * (LONGEST_VARINT + unsettled.size()));
        long runStart = unsettled.first();
        long runEnd = runStart;
        for (long offset : unsettled) {
            if (offset > runEnd) {
                out.varint(runEnd - runStart);
                out.varint(offset - runEnd);
                runStart = offset;
            }
            runEnd = offset + 1;
        }
        out.varint(runEnd - runStart);
        if (next > runEnd) {
            out.varint(next - runEnd);
        }
        return out.toBytes();
    }

    /**
     * Reads what {@link #encode} made, possibly with zero bytes behind it.
     *
     * @param unsettled receives the offsets
     * @param limit of their number
     * @return one above the last offset that was taken
     * @throws IllegalArgumentException when these are not runs
     */
    static long decode(byte[] bytes, long start, NavigableSet<Long> unsettled, int limit) {
        long at = start;
        boolean settled = false;
        int i = 0;
        while (i < bytes.length && bytes[i] != 0) {
            long length = 0;
            int shift = 0;
            byte group;
            do {
                if (i == bytes.length || shift > 56) {
                    throw new IllegalArgumentException("a run breaks off");
                }
                group = bytes[i++];
                length |= (group & 0x7fL) << shift;
                shift += 7;
            } while (group < 0);
            if (!settled) {
                if (length > limit - unsettled.size()) {
                    throw new IllegalArgumentException("more unsettled than there can be");
                }
                for (long offset = at; offset < at + length; offset++) {
                    unsettled.add(offset);
                }
            }
            at += length;
            settled = !settled;
        }
        return at;
    }

    private static final class Out {
        private byte[] bytes;
        private int length;

        Out(int capacity) {
            bytes = new byte[capacity];
        }

        void varint(long value) {
            if (length + LONGEST_VARINT > bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
            long rest = value;
            while (rest > 0x7f) {
                bytes[length++] = (byte) ((rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            bytes[length++] = (byte) rest;
        }

        byte[] toBytes() {
            return Arrays.copyOf(bytes, length);
        }
    }
}
