package posthaste.body.buffer;

import posthaste.body.CorruptBodyException;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
import posthaste.mail.record.BodyRef;

/** Opens bodies: those that are still in memory there, others where they are kept. */
public final class CachedReading {
    private final Kept kept;
    private final FreshBodies fresh;
    private final Counters counters;
    private final long smallBody;

    /** Where a store keeps its bodies. */
    public interface Kept {

        /** Reads a body whole, verified, into memory on which the caller then has a hold. */
        BodyBytes readWhole(BodyRef ref)
                throws MissingBodyException,
                        CorruptBodyException,
                        StoreUnavailableException,
                        InterruptedException;

        /** Opens a body that is to be read piece by piece. */
        StoredBody openLarge(BodyRef ref)
                throws MissingBodyException, StoreUnavailableException, InterruptedException;
    }

    /**
     * Reads through a cache.
     *
     * @param smallBody length in bytes up to which a body is read whole
     */
    public CachedReading(Kept kept, FreshBodies fresh, Counters counters, long smallBody) {
        this.kept = kept;
        this.fresh = fresh;
        this.counters = counters;
        this.smallBody = smallBody;
    }

    /** Opens a body, as {@link posthaste.body.BodyStore#open} has it. */
    public StoredBody open(BodyRef ref)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        BodyBytes known = fresh.get(ref);
        if (known != null) {
            counters.cacheHits.increment();
            return new WholeBody(known);
        }
        counters.cacheMisses.increment();
        if (ref.length() > smallBody) {
            return kept.openLarge(ref);
        }
        BodyBytes read = kept.readWhole(ref);
        fresh.put(ref, read);
        return new WholeBody(read);
    }
}
