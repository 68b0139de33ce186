package posthaste.service.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.RecipientOutcome;

/**
 * Counts attempts of a fleet: {@code posthaste_attempts_total} by outcome, a recipient each, and
 * {@code posthaste_attempt_duration_seconds}, a job each.
 */
public final class AttemptMetrics {
    private enum Label {
        DELIVERED,
        FAILED,
        DEFERRED,
        AMBIGUOUS,
        HELD_BACK
    }

    /** From a warm connection near by to the 10 minutes after the final dot. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        Duration.ofMinutes(10)
    };

    private final Map<Label, Counter> outcomes = new EnumMap<>(Label.class);
    private final Timer duration;

    /**
     * Registers the meters.
     *
     * @param fleet {@code delivery} or {@code fallback}
     */
    public AttemptMetrics(MeterRegistry registry, String fleet) {
        for (Label label : Label.values()) {
            outcomes.put(
                    label,
                    Counter.builder("posthaste.attempts")
                            .description("Recipients by what an attempt led to")
                            .tag("fleet", fleet)
                            .tag("outcome", label.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        duration =
                Timer.builder("posthaste.attempt.duration")
                        .description("Time that an attempt of a job took")
                        .tag("fleet", fleet)
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry);
    }

    void record(AttemptReport report, long nanos) {
        duration.record(nanos, TimeUnit.NANOSECONDS);
        for (RecipientOutcome one : report.outcomes()) {
            Counter counter = outcomes.get(label(one.outcome()));
            if (counter != null) {
                counter.increment();
            }
        }
    }

    private static Label label(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Delivered _ -> Label.DELIVERED;
            case Outcome.Failed _ -> Label.FAILED;
            case Outcome.Deferred deferred ->
                    switch (deferred.kind()) {
                        case ATTEMPTED -> Label.DEFERRED;
                        case AMBIGUOUS -> Label.AMBIGUOUS;
                        case NOT_ATTEMPTED -> Label.HELD_BACK;
                    };
        };
    }
}
