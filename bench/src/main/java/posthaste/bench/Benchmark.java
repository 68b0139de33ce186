package posthaste.bench;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import posthaste.bench.load.Load;
import posthaste.bench.load.LoadGenerator;
import posthaste.bench.load.LoadResult;
import posthaste.bench.machine.Disks;
import posthaste.bench.machine.MemoryWatch;
import posthaste.bench.machine.ProcessTree;
import posthaste.bench.peer.Peer;
import posthaste.bench.sink.Arrivals;
import posthaste.bench.sink.CountingSink;

/** Sends a scenario through a relay, waits for it at the sink, and reads what it cost. */
public final class Benchmark {
    /**
     * For what comes behind the last mail: records settled, files removed. It is part of the cost.
     */
    private static final Duration AFTERWARDS = Duration.ofMillis(500);

    private final CountingSink sink;
    private final AtomicInteger runs = new AtomicInteger((int) System.nanoTime());

    public Benchmark(CountingSink sink) {
        this.sink = sink;
    }

    /**
     * Measures.
     *
     * @param patience for the last mail to arrive once all are sent
     */
    public Measurement measure(Peer peer, Scenario scenario, Duration patience)
            throws InterruptedException {
        Load load = scenario.load(peer.address());
        int run = runs.incrementAndGet();
        Arrivals arrivals = new Arrivals(run, load.mails(), load.recipients());
        sink.expect(arrivals);
        Optional<ProcessTree> processes = peer.processes();
        Optional<Duration> processorBefore = processes.map(ProcessTree::processorTime);
        OptionalLong flushesBefore = Disks.flushes();
        long connectionsBefore = sink.connections();
        LoadResult sent;
        long began;
        Optional<MemoryWatch> watch = processes.map(MemoryWatch::new);
        Optional<Long> memory = Optional.empty();
        try (LoadGenerator generator = new LoadGenerator(load, run)) {
            began = System.nanoTime();
            sent = generator.send();
            arrivals.await(patience);
            Thread.sleep(AFTERWARDS);
        } finally {
            if (watch.isPresent()) {
                memory = Optional.of(watch.get().stop());
            }
        }
        Histogram sinceDue = arrivals.sinceDue();
        OptionalLong flushesAfter = Disks.flushes();
        return new Measurement(
                peer.name(),
                peer.durability(),
                scenario,
                sent,
                arrivals.whole(),
                arrivals.duplicates(),
                Duration.ofNanos(Math.max(1, arrivals.last() - began)),
                micros(sinceDue.getValueAtPercentile(50)),
                micros(sinceDue.getValueAtPercentile(99)),
                sink.connections() - connectionsBefore,
                processes
                        .map(ProcessTree::processorTime)
                        .map(after -> after.minus(processorBefore.orElse(Duration.ZERO))),
                memory,
                flushesBefore.isPresent() && flushesAfter.isPresent()
                        ? OptionalDouble.of(
                                (double) flushesAfter.getAsLong() - flushesBefore.getAsLong())
                        : OptionalDouble.empty());
    }

    private static Duration micros(long value) {
        return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(value));
    }
}
