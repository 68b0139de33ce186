package posthaste.ingest.auth;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import posthaste.ingest.auth.sasl.Mechanism;
import posthaste.ingest.auth.throttle.FailureThrottle;
import posthaste.ingest.auth.users.Passwords;

/** Logins, by mechanism and by what became of them. */
public final class LoginMetrics {
    private final MeterRegistry registry;

    public LoginMetrics(MeterRegistry registry, Passwords passwords, FailureThrottle throttle) {
        this.registry = registry;
        FunctionCounter.builder("posthaste.login.hashes", passwords, Passwords::computed)
                .description("Password hashes computed")
                .register(registry);
        Gauge.builder("posthaste.login.remembered", throttle, FailureThrottle::remembered)
                .description("Users and addresses whose failures are remembered")
                .strongReference(true)
                .register(registry);
    }

    void accepted(Mechanism mechanism) {
        count(mechanism, "accepted");
    }

    void failed(Mechanism mechanism, String reason) {
        count(mechanism, reason.toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private void count(Mechanism mechanism, String outcome) {
        Counter.builder("posthaste.login.attempts")
                .description("Logins tried, by mechanism and outcome")
                .tag("mechanism", mechanism.wireName())
                .tag("outcome", outcome)
                .register(registry)
                .increment();
    }
}
