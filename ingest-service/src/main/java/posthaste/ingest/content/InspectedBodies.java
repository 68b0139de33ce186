package posthaste.ingest.content;

import java.time.Duration;
import posthaste.body.BodyStore;
import posthaste.body.BodyStoreStatistics;
import posthaste.body.BodyWriter;
import posthaste.body.CorruptBodyException;
import posthaste.body.Generation;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
import posthaste.mail.record.BodyRef;

/** A store whose bodies scanners can read before they are committed. */
final class InspectedBodies implements BodyStore {
    private final BodyStore store;
    private final Spool spool;
    private final long limit;

    InspectedBodies(BodyStore store, Spool spool, long limit) {
        this.store = store;
        this.spool = spool;
        this.limit = limit;
    }

    @Override
    public BodyWriter begin(Generation generation, Duration budgetWait) {
        return new InspectedBody(store.begin(generation, budgetWait), spool, limit);
    }

    @Override
    public StoredBody open(BodyRef ref)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        return store.open(ref);
    }

    @Override
    public long usableSpace() {
        return store.usableSpace();
    }

    @Override
    public BodyStoreStatistics statistics() {
        return store.statistics();
    }

    /** The store is somebody else's to close. */
    @Override
    public void close() {}
}
