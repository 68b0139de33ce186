package posthaste.body.buffer;

import java.time.Duration;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.record.BodyRef;

/** A large body on its way into an object of its own, used by one thread. */
public interface BodyObject extends AutoCloseable {

    /**
     * Appends the content of {@code bytes}, which may be reused when this has returned normally.
     */
    void write(BodyBytes bytes) throws StoreUnavailableException, InterruptedException;

    /**
     * Ends the object with its last bytes and makes it durable.
     *
     * @throws StoreUnavailableException when that failed, or was not done within {@code deadline}
     */
    BodyRef commit(BodyBytes last, BodyTrailer trailer, Duration deadline)
            throws StoreUnavailableException, InterruptedException;

    /** Drops the object unless it was committed. */
    @Override
    void close();
}
