package posthaste.ingest.auth;

import java.util.List;
import java.util.Optional;
import posthaste.ingest.auth.sasl.Judge;
import posthaste.ingest.auth.sasl.Mechanism;
import posthaste.ingest.auth.throttle.FailureThrottle;
import posthaste.ingest.auth.users.TokenLogins;
import posthaste.ingest.auth.users.Users;
import posthaste.ingest.submitter.Submitter;

/** Who can log in, and how; one for a process. */
public final class Authentication {
    private final SessionLimits limits;
    private final List<Mechanism> mechanisms;
    private final Users users;
    private final Optional<TokenLogins> tokens;
    private final FailureThrottle throttle;
    private final LoginMetrics metrics;

    /**
     * Takes its parts.
     *
     * @param mechanisms as configured; what nobody could use is not offered
     * @param tokens empty where no issuer is configured
     */
    public Authentication(
            SessionLimits limits,
            List<Mechanism> mechanisms,
            Users users,
            Optional<TokenLogins> tokens,
            FailureThrottle throttle,
            LoginMetrics metrics) {
        this.limits = limits;
        this.mechanisms =
                mechanisms.stream()
                        .filter(m -> m.isByToken() ? tokens.isPresent() : users.hasSources())
                        .sorted()
                        .toList();
        this.users = users;
        this.tokens = tokens;
        this.throttle = throttle;
        this.metrics = metrics;
    }

    /** Whether there is any way to log in. */
    public boolean isPossible() {
        return !mechanisms.isEmpty();
    }

    /** What clients may choose from, the safest first. */
    List<Mechanism> mechanisms() {
        return mechanisms;
    }

    SessionLimits limits() {
        return limits;
    }

    /** Judges one attempt of a client. */
    Judge judge(Submitter client, Mechanism mechanism) {
        return new Attempt(client, mechanism, users, tokens, throttle, metrics);
    }
}
