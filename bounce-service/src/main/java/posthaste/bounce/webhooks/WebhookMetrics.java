package posthaste.bounce.webhooks;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is counted of one endpoint. */
final class WebhookMetrics {
    private final Counter sent;
    private final Counter missed;
    private final Timer taken;
    private final Timer refused;
    private final Timer silent;
    private volatile @Nullable Instant oldest;
    private volatile boolean failing;

    WebhookMetrics(MeterRegistry registry, String endpoint, InstantSource clock) {
        this.sent =
                Counter.builder("posthaste.webhook.events")
                        .description("Events that an endpoint has taken, repeats included")
                        .tag("endpoint", endpoint)
                        .register(registry);
        this.missed =
                Counter.builder("posthaste.webhook.missed")
                        .description(
                                "Records of mail.events that were deleted before an endpoint took"
                                        + " them: alert on any")
                        .tag("endpoint", endpoint)
                        .register(registry);
        this.taken = requests(registry, endpoint, "taken");
        this.refused = requests(registry, endpoint, "refused");
        this.silent = requests(registry, endpoint, "silent");
        TimeGauge.builder("posthaste.webhook.lag", () -> lag(clock), TimeUnit.MILLISECONDS)
                .description("Age of the oldest event that is being sent; 0 when none waits")
                .tag("endpoint", endpoint)
                .register(registry);
        Gauge.builder("posthaste.webhook.failing", () -> failing ? 1 : 0)
                .description("1 while an endpoint does not take what is sent to it")
                .tag("endpoint", endpoint)
                .register(registry);
    }

    private static Timer requests(MeterRegistry registry, String endpoint, String outcome) {
        return Timer.builder("posthaste.webhook.requests")
                .description("Requests to an endpoint, by what came of them")
                .tag("endpoint", endpoint)
                .tag("outcome", outcome)
                .register(registry);
    }

    void missed(long records) {
        missed.increment((double) records);
    }

    void sending(Instant oldestEvent) {
        oldest = oldestEvent;
    }

    void sent(int events) {
        sent.increment(events);
        oldest = null;
    }

    /** Notes one request. */
    void answered(Answer answer, Duration took) {
        switch (answer) {
            case Answer.Taken _ -> taken.record(took);
            case Answer.Refused _ -> refused.record(took);
            case Answer.Silent _ -> silent.record(took);
        }
        failing = !(answer instanceof Answer.Taken);
    }

    private long lag(InstantSource clock) {
        Instant since = oldest;
        return since == null ? 0 : Math.max(0, clock.millis() - since.toEpochMilli());
    }
}
