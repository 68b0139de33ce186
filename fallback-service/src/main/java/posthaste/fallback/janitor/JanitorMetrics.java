package posthaste.fallback.janitor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import posthaste.body.Generation;

/**
 * {@code posthaste_janitor_*}: what was removed, and why no more. The gauges are of the process
 * whose turn it is; the others have none, so that a sum over all is right.
 */
final class JanitorMetrics {
    private final Counter runs;
    private final Counter failures;
    private final Counter objects;
    private final Counter bytes;
    private final Counter records;
    private volatile @Nullable CleaningReport latest;

    JanitorMetrics(MeterRegistry registry) {
        runs = counter(registry, "runs", "Runs that came to their end");
        failures = counter(registry, "failures", "Runs that did not: store or broker away");
        objects = counter(registry, "objects", "Objects removed from the body store");
        bytes = counter(registry, "bytes", "Their bytes");
        records = counter(registry, "records", "Records removed from the topics");
        gauge(
                registry,
                "stored.bytes",
                "Bytes in the body store after the last run",
                CleaningReport::storedBytes);
        gauge(
                registry,
                "garbage.share",
                "Of them, the part that nobody needs and that waits for the grace",
                CleaningReport::garbageShare);
        gauge(
                registry,
                "last.run.seconds",
                "When the last run began, in seconds since 1970",
                report -> report.at().toEpochMilli() / 1000.0);
        gauge(
                registry,
                "obstacles",
                "What cannot be told and stops more or less of the cleaning; alert on any",
                report -> report.obstacles().size());
        gauge(
                registry,
                "untold.objects",
                "Objects that are left since nobody knows who needs their generation",
                CleaningReport::untold);
        for (Generation generation :
                List.of(
                        Generation.PRIMARY,
                        Generation.DEFERRED,
                        Generation.DEAD_LETTER,
                        Generation.QUARANTINE)) {
            Gauge.builder(
                            "posthaste.janitor.horizon.age.seconds",
                            this,
                            metrics -> metrics.horizonAge(generation))
                    .description(
                            "How old a body has to be until nobody needs it; grows while a group stands still")
                    .tag("generation", generation.name())
                    .register(registry);
        }
    }

    void ran(CleaningReport report) {
        runs.increment();
        objects.increment((double) report.objects());
        bytes.increment((double) report.bytes());
        records.increment((double) report.records());
        latest = report;
    }

    void failed() {
        failures.increment();
    }

    void isNotOurTurn() {
        latest = null;
    }

    Optional<CleaningReport> latest() {
        return Optional.ofNullable(latest);
    }

    private double horizonAge(Generation generation) {
        CleaningReport report = latest;
        Instant horizon = report == null ? null : report.horizons().get(generation);
        return report == null || horizon == null
                ? Double.NaN
                : Duration.between(horizon, report.at()).toMillis() / 1000.0;
    }

    private static Counter counter(MeterRegistry registry, String what, String description) {
        return Counter.builder("posthaste.janitor." + what)
                .description(description)
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry,
            String what,
            String description,
            ToDoubleFunction<CleaningReport> value) {
        Gauge.builder(
                        "posthaste.janitor." + what,
                        this,
                        metrics -> metrics.latest().map(value::applyAsDouble).orElse(Double.NaN))
                .description(description)
                .register(registry);
    }
}
