package posthaste.body;

import java.time.Duration;
import posthaste.mail.record.BodyRef;

/**
 * Keeps bodies. Safe for many threads; every call may block, so callers are virtual threads.
 *
 * <p>All memory that bodies take comes from one {@link MemoryBudget}.
 */
public interface BodyStore extends AutoCloseable {

    /**
     * Begins a body. Nothing is kept of it until {@link BodyWriter#commit} has returned.
     *
     * @param budgetWait how long the writer may wait for memory at each step before it gives up
     */
    BodyWriter begin(Generation generation, Duration budgetWait);

    /**
     * Opens a body for reading, as often as one likes.
     *
     * @throws MissingBodyException when it is confirmed not to be there
     * @throws CorruptBodyException when it was read twice and was not what had been written
     * @throws StoreUnavailableException when it cannot be told: try again later
     */
    StoredBody open(BodyRef ref)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException;

    /**
     * Bytes that can still be stored before the free-space floor, on the best folder; {@link
     * Long#MAX_VALUE}: no limit known.
     */
    long usableSpace();

    /** What it has done so far. */
    BodyStoreStatistics statistics();

    @Override
    void close();
}
