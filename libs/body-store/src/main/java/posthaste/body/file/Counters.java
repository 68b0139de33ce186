package posthaste.body.file;

import java.util.concurrent.atomic.LongAdder;

/** What a store counts as it goes. */
final class Counters {
    final LongAdder bodies = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final LongAdder segments = new LongAdder();
    final LongAdder objects = new LongAdder();
    final LongAdder forces = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder cacheHits = new LongAdder();
    final LongAdder cacheMisses = new LongAdder();
    final LongAdder failures = new LongAdder();
}
