package posthaste.service.monitoring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import posthaste.body.s3.S3Operation;
import posthaste.body.s3.S3RequestObserver;

/**
 * Requests to S3: {@code posthaste_s3_request_seconds} by operation, each of which is paid for, and
 * {@code posthaste_s3_failures_total} by operation and what went wrong.
 */
public final class S3RequestMetrics implements S3RequestObserver, MeterBinder {
    /** From the same rack to what is given up. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private record Meters(
            Map<S3Operation, Timer> timers, Map<S3Operation, Map<Outcome, Counter>> failures) {}

    private volatile Meters meters = new Meters(Map.of(), Map.of());

    /** Before this nothing is counted. */
    @Override
    public void bindTo(MeterRegistry registry) {
        Map<S3Operation, Timer> timers = new EnumMap<>(S3Operation.class);
        Map<S3Operation, Map<Outcome, Counter>> failures = new EnumMap<>(S3Operation.class);
        for (S3Operation operation : S3Operation.values()) {
            timers.put(
                    operation,
                    Timer.builder("posthaste.s3.request")
                            .description("Requests to S3, whatever became of them")
                            .tag("operation", lower(operation))
                            .serviceLevelObjectives(BUCKETS)
                            .register(registry));
            failures.put(operation, new EnumMap<>(Outcome.class));
            for (Outcome outcome : Outcome.values()) {
                if (outcome != Outcome.OK) {
                    failures.get(operation).put(outcome, failure(registry, operation, outcome));
                }
            }
        }
        meters = new Meters(timers, failures);
    }

    @Override
    public void done(S3Operation operation, Outcome outcome, long nanos) {
        Meters now = meters;
        Timer timer = now.timers.get(operation);
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
        Counter failure = now.failures.getOrDefault(operation, Map.of()).get(outcome);
        if (failure != null) {
            failure.increment();
        }
    }

    private static Counter failure(MeterRegistry registry, S3Operation operation, Outcome outcome) {
        return Counter.builder("posthaste.s3.failures")
                .description("Requests to S3 that were not done, by why")
                .tag("operation", lower(operation))
                .tag("outcome", lower(outcome))
                .register(registry);
    }

    private static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}
