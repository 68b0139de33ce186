package posthaste.queue;

import java.util.List;

/** Where a tail writes to; keeps the offsets itself, in the same transaction as what it writes. */
public interface BatchWriter {

    /**
     * Where to read on.
     *
     * @return the offset of the next record to read; 0 when none was read yet (then the tail begins
     *     at the earliest)
     */
    long nextOffset(String topic, int partition) throws PartUnavailableException;

    /**
     * Writes records of one partition, in order, and advances its offset by compare-and-set.
     *
     * @param expected what {@link #nextOffset} is now; when it is not, someone else reads or has
     *     read this partition, and nothing is written
     * @param next what it is afterwards; beyond the last record where some could not be read
     * @param records may be empty, when none of the batch could be read
     * @throws PartUnavailableException when the target is away, or {@code expected} is not the next
     *     offset: after a pause the tail asks {@link #nextOffset} again and reads on from there
     */
    void write(String topic, int partition, long expected, long next, List<QueuedRecord> records)
            throws PartUnavailableException, InterruptedException;

    /**
     * The same, for one who has to know whether records in front of these were deleted unread.
     *
     * @param found offset of the first record of the batch, whether it could be read or not
     */
    default void write(
            String topic,
            int partition,
            long expected,
            long found,
            long next,
            List<QueuedRecord> records)
            throws PartUnavailableException, InterruptedException {
        write(topic, partition, expected, next, records);
    }
}
