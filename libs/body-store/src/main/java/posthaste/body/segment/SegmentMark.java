package posthaste.body.segment;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * 128 random bits that begin a segment and each of its entries. Nobody outside learns them before
 * the segment is closed, so no body can hold what looks like an entry of its own segment.
 */
record SegmentMark(long high, long low) {
    static final int SIZE = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    static SegmentMark random() {
        return new SegmentMark(RANDOM.nextLong(), RANDOM.nextLong());
    }

    static SegmentMark get(ByteBuffer from) {
        return new SegmentMark(from.getLong(), from.getLong());
    }

    void put(ByteBuffer into) {
        into.putLong(high).putLong(low);
    }
}
