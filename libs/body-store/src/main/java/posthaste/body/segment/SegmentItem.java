package posthaste.body.segment;

import java.nio.ByteBuffer;

/** What stands in a segment. */
public sealed interface SegmentItem {

    /**
     * A body.
     *
     * @param mailId of its mail
     * @param envelope encoded, as accepted
     * @param offset of the body's first byte
     * @param length of the body
     * @param crc32c that the body should have
     * @param intact whether it has it
     */
    record Entry(
            String mailId,
            ByteBuffer envelope,
            long offset,
            long length,
            int crc32c,
            boolean intact)
            implements SegmentItem {}

    /** Bytes that are no entry: torn by a crash, or damaged; {@code end} is exclusive. */
    record Damage(long start, long end) implements SegmentItem {}
}
