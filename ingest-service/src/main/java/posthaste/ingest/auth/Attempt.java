package posthaste.ingest.auth;

import java.util.Optional;
import posthaste.ingest.auth.sasl.Judge;
import posthaste.ingest.auth.sasl.Mechanism;
import posthaste.ingest.auth.sasl.ScramVerifier;
import posthaste.ingest.auth.sasl.Verdict;
import posthaste.ingest.auth.sasl.Verdict.Deferred;
import posthaste.ingest.auth.sasl.Verdict.Refused;
import posthaste.ingest.auth.throttle.FailureThrottle;
import posthaste.ingest.auth.users.TokenLogins;
import posthaste.ingest.auth.users.UserName;
import posthaste.ingest.auth.users.UserSource.KnownUser;
import posthaste.ingest.auth.users.Users;
import posthaste.ingest.auth.users.UsersAwayException;
import posthaste.ingest.submitter.Login;
import posthaste.ingest.submitter.Submitter;

/** One attempt of one client to log in. Each ends in one count, and each failure in one line. */
final class Attempt implements Judge {
    private static final String NO_NAME = "";

    private final Submitter client;
    private final Mechanism mechanism;
    private final Users users;
    private final Optional<TokenLogins> tokens;
    private final FailureThrottle throttle;
    private final LoginMetrics metrics;

    Attempt(
            Submitter client,
            Mechanism mechanism,
            Users users,
            Optional<TokenLogins> tokens,
            FailureThrottle throttle,
            LoginMetrics metrics) {
        this.client = client;
        this.mechanism = mechanism;
        this.users = users;
        this.tokens = tokens;
        this.throttle = throttle;
        this.metrics = metrics;
    }

    private interface Check {
        Optional<Login> login() throws UsersAwayException;
    }

    @Override
    public Verdict password(String authzid, String name, String password) {
        return judge(name, authzid, Refused.WRONG, () -> users.withPassword(name, password));
    }

    @Override
    public Verdict token(String name, String token) {
        return judge(
                name,
                name,
                Refused.BAD_TOKEN,
                () -> tokens.isEmpty() ? Optional.empty() : tokens.get().withToken(token));
    }

    @Override
    public ScramVerifier scram(String name) throws JudgeAwayException {
        if (throttle.isBlocked(canonical(name), client.address())) {
            throw new JudgeAwayException(told(name, Deferred.BLOCKED));
        }
        try {
            return users.scram(name);
        } catch (UsersAwayException e) {
            throw new JudgeAwayException(unavailable(name, e));
        }
    }

    @Override
    public Verdict proven(String authzid, String name, boolean isRight) {
        return judge(
                name,
                authzid,
                Refused.WRONG,
                () -> isRight ? users.named(name).map(KnownUser::login) : Optional.empty());
    }

    private Verdict judge(String typed, String authzid, Refused otherwise, Check check) {
        String name = canonical(typed);
        if (throttle.isBlocked(name, client.address())) {
            return told(typed, Deferred.BLOCKED);
        }
        Optional<Login> login;
        try {
            login = check.login();
        } catch (UsersAwayException e) {
            return unavailable(typed, e);
        }
        // Many may have been let in to be checked before the first of them failed.
        if (throttle.isBlocked(name, client.address())) {
            return told(typed, Deferred.BLOCKED);
        }
        if (login.isEmpty()) {
            return failed(typed, otherwise);
        }
        if (!authzid.isEmpty() && !canonical(authzid).equals(login.get().name())) {
            return failed(typed, Refused.NOT_ALLOWED_AS);
        }
        throttle.succeeded(login.get().name(), client.address());
        metrics.accepted(mechanism);
        return new Verdict.Accepted(login.get());
    }

    private Verdict failed(String typed, Refused why) {
        throttle.failed(canonical(typed), client.address());
        return told(typed, why);
    }

    private Verdict unavailable(String typed, UsersAwayException cause) {
        FailureLog.unavailable(cause);
        return told(typed, Deferred.UNAVAILABLE);
    }

    private Verdict told(String typed, Verdict verdict) {
        String reason = verdict.toString();
        metrics.failed(mechanism, reason);
        FailureLog.failed(client, mechanism, typed, reason);
        return verdict;
    }

    /** What is nobody's name is counted as it was typed. */
    private static String canonical(String typed) {
        return typed.isEmpty() ? NO_NAME : UserName.canonical(typed).orElse(typed);
    }
}
