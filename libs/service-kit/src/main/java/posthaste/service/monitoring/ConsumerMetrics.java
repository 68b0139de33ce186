package posthaste.service.monitoring;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.function.ToDoubleFunction;
import posthaste.queue.ConsumerStatistics;
import posthaste.service.lifecycle.ConsumerLifecycle;

/** The loops that read our queue, one label value a loop. */
public final class ConsumerMetrics implements MeterBinder {
    private final List<ConsumerLifecycle> consumers;

    public ConsumerMetrics(List<ConsumerLifecycle> consumers) {
        this.consumers = List.copyOf(consumers);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (ConsumerLifecycle lifecycle : consumers) {
            for (String loop : lifecycle.names()) {
                bind(registry, new Loop(lifecycle, loop));
            }
        }
    }

    private static void bind(MeterRegistry registry, Loop loop) {
        loop.counter(registry, "settled", "Records settled", ConsumerStatistics::settled);
        loop.counter(
                registry,
                "dead.letters",
                "Records that went to the dead letters",
                ConsumerStatistics::poisoned);
        loop.counter(
                registry,
                "condemned",
                "Dead letters that were in flight at three crashes in a row",
                ConsumerStatistics::condemned);
        loop.gauge(
                registry,
                "suspects",
                "Records that are tried with care after a crash",
                ConsumerStatistics::suspects);
        loop.counter(
                registry,
                "part.unavailable",
                "Records that wait for one of our own parts",
                ConsumerStatistics::partUnavailable);
        loop.counter(
                registry,
                "unexpected",
                "Records that met a defect",
                ConsumerStatistics::unexpected);
        loop.counter(registry, "resent", "Settlements sent again", ConsumerStatistics::resent);
        loop.counter(registry, "commits", "Commits acknowledged", ConsumerStatistics::commits);
        loop.counter(
                registry,
                "positions.lost",
                "Positions found outside the log",
                ConsumerStatistics::positionsLost);
        loop.gauge(registry, "in.flight", "Records being handled", ConsumerStatistics::inFlight);
        loop.gauge(registry, "partitions", "Partitions assigned", ConsumerStatistics::partitions);
        loop.gauge(
                registry,
                "partitions.paused",
                "Partitions not read at the moment",
                ConsumerStatistics::pausedPartitions);
        loop.gauge(
                registry,
                "partitions.newer.version",
                "Partitions that wait for an upgrade of this reader",
                ConsumerStatistics::partitionsOfNewerVersion);
        loop.gauge(
                registry,
                "metadata.length",
                "Characters of the longest commit metadata, of 4,096",
                ConsumerStatistics::metadataLength);
        loop.gauge(
                registry,
                "last.turn.seconds",
                "Time since the loop last turned",
                statistics -> statistics.lastTurn().toMillis() / 1000.0);
    }

    private record Loop(ConsumerLifecycle lifecycle, String name) {

        void counter(
                MeterRegistry registry,
                String what,
                String description,
                ToDoubleFunction<ConsumerStatistics> value) {
            FunctionCounter.builder("posthaste.consumer." + what, this, loop -> loop.now(value))
                    .description(description)
                    .tag("loop", name)
                    .register(registry);
        }

        void gauge(
                MeterRegistry registry,
                String what,
                String description,
                ToDoubleFunction<ConsumerStatistics> value) {
            Gauge.builder("posthaste.consumer." + what, () -> now(value))
                    .description(description)
                    .tag("loop", name)
                    .register(registry);
        }

        private double now(ToDoubleFunction<ConsumerStatistics> value) {
            return lifecycle
                    .loop(name)
                    .map(loop -> value.applyAsDouble(loop.statistics()))
                    .orElse(0.0);
        }
    }
}
