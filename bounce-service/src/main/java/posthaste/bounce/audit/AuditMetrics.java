package posthaste.bounce.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import posthaste.bounce.audit.AuditReport.Hour;

/**
 * The figures of the last audit as gauges; not a number before the first one.
 *
 * <p>The hours are those of the last day, each under its hour of the day in UTC: so there are never
 * more series than these, and none ends.
 */
final class AuditMetrics {
    private static final int HOURS = 24;

    private final MeterRegistry meters;
    private final Supplier<Optional<AuditReport>> latest;
    private final InstantSource clock;

    private AuditMetrics(
            MeterRegistry meters, Supplier<Optional<AuditReport>> latest, InstantSource clock) {
        this.meters = meters;
        this.latest = latest;
        this.clock = clock;
    }

    /** Registers all of them. */
    static void register(
            MeterRegistry meters, Supplier<Optional<AuditReport>> latest, InstantSource clock) {
        AuditMetrics metrics = new AuditMetrics(meters, latest, clock);
        metrics.sums();
        metrics.watch();
        for (int hour = 0; hour < HOURS; hour++) {
            metrics.hour(hour);
        }
    }

    private void sums() {
        gauge("accepted", "Recipients accepted", AuditReport::accepted);
        gauge("delivered", "Recipients delivered", AuditReport::delivered);
        gauge("bounced", "Recipients bounced", AuditReport::bounced);
        gauge("expired", "Recipients expired", AuditReport::expired);
        gauge("removed", "Recipients removed by an operator", AuditReport::removed);
        gauge("queued", "Recipients in a queue", AuditReport::queued);
        gauge("settling", "Recipients between queue and log", AuditReport::settling);
        gauge(
                "duplicates",
                "Ends beyond the one that counts, after a crash",
                AuditReport::duplicates);
        gauge(
                "age.seconds",
                "Age of these figures",
                report -> Duration.between(report.asOf(), clock.instant()).toMillis() / 1000.0);
    }

    private void watch() {
        gauge(
                "unaccounted",
                "Recipients without an outcome, in no queue, overdue: alert above 0",
                AuditReport::unaccounted);
        gauge(
                "unaccepted",
                "Recipients of whom events tell without an acceptance: alert above 0",
                AuditReport::unaccepted);
        gauge("dead.lettered", "Recipients among the dead letters", AuditReport::deadLettered);
        gauge("behind", "Records that the log has still to read", AuditReport::behind);
        late("first_attempt", report -> report.late().firstAttempt());
        late("next_attempt", report -> report.late().nextAttempt());
        late("bounce", report -> report.late().bounce());
    }

    private void late(String awaits, ToDoubleFunction<AuditReport> figure) {
        Gauge.builder("posthaste.audit.late", () -> now(figure))
                .description("Recipients in a queue far past their promised event: alert above 0")
                .tag("awaits", awaits)
                .register(meters);
    }

    private void hour(int hour) {
        hour(hour, "accepted", Hour::accepted);
        hour(hour, "delivered", Hour::delivered);
        hour(hour, "bounced", Hour::bounced);
        hour(hour, "expired", Hour::expired);
        hour(hour, "removed", Hour::removed);
        hour(hour, "queued", Hour::queued);
        hour(hour, "settling", Hour::settling);
        hour(hour, "unaccounted", Hour::unaccounted);
        hour(hour, "late", Hour::late);
    }

    private void hour(int hour, String state, ToDoubleFunction<Hour> figure) {
        Gauge.builder(
                        "posthaste.audit.hour",
                        () ->
                                now(report ->
                                        hour(report, hour).map(figure::applyAsDouble).orElse(0.0)))
                .description("Recipients accepted within this hour of the last day (UTC)")
                .tag("hour", String.format(Locale.ROOT, "%02d", hour))
                .tag("state", state)
                .register(meters);
    }

    private static Optional<Hour> hour(AuditReport report, int hour) {
        Instant aDayAgo = report.asOf().minus(Duration.ofHours(HOURS));
        return report.hours().stream()
                .filter(one ->
                        one.from().isAfter(aDayAgo)
                                && one.from().atOffset(ZoneOffset.UTC).getHour() == hour)
                .findFirst();
    }

    private void gauge(String name, String description, ToDoubleFunction<AuditReport> figure) {
        Gauge.builder("posthaste.audit." + name, () -> now(figure))
                .description(description)
                .register(meters);
    }

    private double now(ToDoubleFunction<AuditReport> figure) {
        return latest.get().map(figure::applyAsDouble).orElse(Double.NaN);
    }
}
