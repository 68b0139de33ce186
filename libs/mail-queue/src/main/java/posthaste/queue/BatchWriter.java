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
     * @param expected what {@link #nextOffset} is now; when it is not, someone else reads this
     *     partition, and nothing is written
     * @param next what it is afterwards
     * @throws PartUnavailableException when the target is away: the same batch comes again
     */
    void write(String topic, int partition, long expected, long next, List<QueuedRecord> records)
            throws PartUnavailableException, InterruptedException;
}
