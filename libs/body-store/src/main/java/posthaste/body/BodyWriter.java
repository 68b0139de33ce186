package posthaste.body;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import posthaste.mail.record.BodyRef;

/**
 * One body on its way into the store, used by one thread. Small bodies stay in memory until {@link
 * #commit}; beyond 1 MiB they stream to an object of their own.
 */
public interface BodyWriter extends AutoCloseable {

    /**
     * Appends bytes; the array may be reused afterwards.
     *
     * @throws BudgetExhaustedException when there is no memory for it within the budget wait
     * @throws StoreUnavailableException when the store refuses, or its disk is below the free-space
     *     floor
     */
    void write(byte[] bytes, int offset, int length)
            throws BudgetExhaustedException, StoreUnavailableException, InterruptedException;

    /** Bytes written so far. */
    long length();

    /**
     * All bytes written so far, not copied, as long as they are in memory; to be read only, and
     * until the next call.
     *
     * @return empty when some of them have left memory
     */
    Optional<List<ByteBuffer>> inMemory();

    /**
     * Makes the body durable.
     *
     * @param mailId and {@code envelope}: stored beside the body, so that a queue can be rebuilt
     * @param deadline from now
     * @return where it stands; it is durable when this returns
     * @throws StoreUnavailableException when it was not stored, or not within the deadline; if it
     *     is found later nevertheless, nothing refers to it
     */
    BodyRef commit(String mailId, byte[] envelope, Duration deadline)
            throws StoreUnavailableException, InterruptedException;

    /** Frees the memory, and drops the body unless it was committed. */
    @Override
    void close();
}
