package posthaste.queue.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import posthaste.queue.control.Fact;
import posthaste.queue.control.FactCounters;
import posthaste.queue.control.FactListener;
import posthaste.queue.control.FactStatistics;
import posthaste.queue.control.FactTable;
import posthaste.queue.control.Outbox;
import posthaste.queue.control.SharedFacts;

/** Facts on Kafka: a loop reads the whole topic without a group, a thread writes what is told. */
final class KafkaFacts implements SharedFacts {
    private static final Duration LOOK = Duration.ofMillis(10);

    private final FactCounters counters;
    private final FactTable table;
    private final Outbox outbox;
    private final LoopThread reading;
    private final FactWriter writer;

    KafkaFacts(
            Clients clients,
            String topic,
            RecordSender sender,
            InstantSource clock,
            Consumer<Throwable> onFatal) {
        FactCounters[] later = new FactCounters[1];
        this.outbox = new Outbox(Outbox.CAPACITY, clock, () -> later[0].dropped.increment());
        this.counters = new FactCounters(outbox::size);
        later[0] = counters;
        this.table = new FactTable(clock, counters);
        this.reading =
                new LoopThread(
                        topic,
                        () -> new FactLoop(clients, topic, table, counters),
                        new LoopStatistics(),
                        onFatal);
        this.writer = new FactWriter(topic, outbox, sender, counters);
    }

    @Override
    public void tell(Fact fact) {
        outbox.put(fact);
    }

    @Override
    public void listen(String kind, FactListener listener) {
        table.listen(kind, listener);
    }

    @Override
    public void start() {
        table.begin();
        reading.start();
        writer.start();
    }

    @Override
    public boolean awaitWhole(Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        while (!counters.isWhole()) {
            if (System.nanoTime() - until >= 0) {
                return false;
            }
            Thread.sleep(LOOK);
        }
        return true;
    }

    @Override
    public FactStatistics statistics() {
        return counters;
    }

    @Override
    public void close() {
        writer.close();
        reading.close();
    }
}
