package posthaste.body.segment;

import java.util.List;
import posthaste.body.StoreUnavailableException;
import posthaste.body.buffer.SmallBody;
import posthaste.mail.record.BodyRef;

/** Makes batches durable: by a file that is forced, or by an object. */
public interface Flusher {

    /**
     * Makes all of these bodies durable at once; called for each lane by one thread at a time.
     *
     * @return where they stand, in the same order
     * @throws StoreUnavailableException when not all of them are durable
     */
    List<BodyRef> flush(int lane, List<SmallBody> batch) throws StoreUnavailableException;
}
