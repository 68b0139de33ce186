package posthaste.body.buffer;

import java.time.Duration;
import posthaste.body.Generation;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.record.BodyRef;

/** What a store does with bodies that come out of a {@link BufferingWriter}. */
public interface BodySink {

    /**
     * Makes a small body durable, together with others.
     *
     * @throws StoreUnavailableException when that failed, or was not done within {@code deadline}
     */
    BodyRef append(Generation generation, SmallBody body, Duration deadline)
            throws StoreUnavailableException, InterruptedException;

    /** Begins the object of a large body. */
    BodyObject beginObject(Generation generation)
            throws StoreUnavailableException, InterruptedException;

    /** Whether bodies can be taken now; called when the first bytes of one arrive. */
    void checkWritable(Generation generation) throws StoreUnavailableException;
}
