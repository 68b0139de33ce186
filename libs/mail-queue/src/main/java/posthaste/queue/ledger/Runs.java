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
     * Writes runs; what comes behind them begins with a zero byte, which no run does.
     *
     * @param unsettled not empty; its first is where the runs begin
     * @param next one above the last offset that was taken
     */
    static void encode(Out out, NavigableSet<Long> unsettled, long next) {
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
    }

    /**
     * Reads what {@link #encode} made, up to a zero byte or the end.
     *
     * @param unsettled receives the offsets
     * @param limit of their number
     * @return one above the last offset that was taken
     * @throws IllegalArgumentException when these are not runs
     */
    static long decode(In in, long start, NavigableSet<Long> unsettled, int limit) {
        long at = start;
        boolean settled = false;
        long length;
        while ((length = in.varint()) != 0) {
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

    /** Bytes being read; behind their end stand zeros. */
    static final class In {
        private final byte[] bytes;
        private int at;

        In(byte[] bytes) {
            this.bytes = bytes;
        }

        int octet() {
            return at < bytes.length ? bytes[at++] & 0xff : 0;
        }

        int fixed() {
            return octet() << 24 | octet() << 16 | octet() << 8 | octet();
        }

        long varint() {
            long value = 0;
            int shift = 0;
            int group;
            do {
                if (shift > 56) {
                    throw new IllegalArgumentException("a number breaks off");
                }
                group = octet();
                value |= (group & 0x7fL) << shift;
                shift += 7;
            } while (group > 0x7f);
            return value;
        }
    }

    static final class Out {
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

        void octet(int value) {
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
            bytes[length++] = (byte) value;
        }

        void fixed(int value) {
            octet(value >>> 24);
            octet(value >>> 16);
            octet(value >>> 8);
            octet(value);
        }

        byte[] toBytes() {
            return Arrays.copyOf(bytes, length);
        }
    }
}
