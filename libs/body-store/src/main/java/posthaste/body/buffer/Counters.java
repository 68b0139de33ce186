package posthaste.body.buffer;

import java.util.concurrent.atomic.LongAdder;
import posthaste.body.BodyStoreStatistics;

/** What a store counts as it goes. */
public final class Counters {
    public final LongAdder bodies = new LongAdder();
    public final LongAdder bytes = new LongAdder();
    public final LongAdder segments = new LongAdder();
    public final LongAdder objects = new LongAdder();
    public final LongAdder forces = new LongAdder();
    public final LongAdder refused = new LongAdder();
    public final LongAdder cacheHits = new LongAdder();
    public final LongAdder cacheMisses = new LongAdder();
    public final LongAdder failures = new LongAdder();

    /** All of it, with what is only of now. */
    public BodyStoreStatistics statistics(long cachedBytes, long waiting) {
        return new BodyStoreStatistics(
                bodies.sum(),
                bytes.sum(),
                segments.sum(),
                objects.sum(),
                forces.sum(),
                refused.sum(),
                cacheHits.sum(),
                cacheMisses.sum(),
                failures.sum(),
                cachedBytes,
                waiting);
    }
}
