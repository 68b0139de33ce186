package posthaste.queue.memory;

import java.time.Duration;
import java.time.InstantSource;
import posthaste.queue.control.Fact;
import posthaste.queue.control.FactCodec;
import posthaste.queue.control.FactCounters;
import posthaste.queue.control.FactListener;
import posthaste.queue.control.FactStatistics;
import posthaste.queue.control.FactTable;
import posthaste.queue.control.SharedFacts;

/** One process's part of the facts of a topic in memory; they are told before {@code tell} ends. */
final class MemoryFacts implements SharedFacts {
    private final MemoryFactTopic topic;
    private final FactCounters counters = new FactCounters(() -> 0);
    private final FactTable table;

    MemoryFacts(MemoryFactTopic topic, InstantSource clock) {
        this.topic = topic;
        this.table = new FactTable(clock, counters);
    }

    @Override
    public void tell(Fact fact) {
        topic.append(FactCodec.key(fact), FactCodec.value(fact));
        counters.written.increment();
    }

    @Override
    public void listen(String kind, FactListener listener) {
        table.listen(kind, listener);
    }

    @Override
    public void start() {
        table.begin();
        topic.join(table);
        counters.whole();
    }

    @Override
    public boolean awaitWhole(Duration atMost) {
        return counters.isWhole();
    }

    @Override
    public FactStatistics statistics() {
        return counters;
    }

    @Override
    public void close() {
        topic.leave(table);
    }
}
