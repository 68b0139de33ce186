package posthaste.ingest.auth;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import posthaste.ingest.auth.sasl.DecoyVerifiers;
import posthaste.ingest.auth.sasl.Mechanism;
import posthaste.ingest.auth.sasl.ScramVerifier;
import posthaste.ingest.auth.throttle.FailureThrottle;
import posthaste.ingest.auth.throttle.ThrottleSettings;
import posthaste.ingest.auth.users.LoginCache;
import posthaste.ingest.auth.users.Passwords;
import posthaste.ingest.auth.users.User;
import posthaste.ingest.auth.users.UserSource;
import posthaste.ingest.auth.users.Users;
import posthaste.ingest.submitter.Login;
import posthaste.queue.control.SharedFacts;
import posthaste.queue.memory.MemoryMailQueue;
import posthaste.testing.SettableClock;

/** The real parts over users in a map: alice and bob, whose password is {@code secret}. */
public final class AuthenticationUnderTest {
    public final SettableClock clock = SettableClock.at("2026-11-22T10:00:00Z");
    public final Passwords passwords = new Passwords(2, Duration.ofSeconds(30));
    public final Login alice =
            new Login("alice", List.of("alice@example.org", "news.example.org"), Optional.empty());
    public final Login bob = new Login("bob", List.of("example.net"), Optional.empty());
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final Authentication authentication;

    /** Without blocks. */
    public final Authentication openAuthentication;

    public final FailureThrottle throttle;
    private final Map<String, UserSource.KnownUser> known = new HashMap<>();

    public AuthenticationUnderTest() {
        this(20, 50);
    }

    public AuthenticationUnderTest(int userFailures, int addressFailures) {
        this(
                userFailures,
                addressFailures,
                started(new MemoryMailQueue(SettableClock.at("2026-11-22T10:00:00Z"))),
                "one");
    }

    /** One instance of several that share facts, which are not read yet. */
    public AuthenticationUnderTest(
            int userFailures, int addressFailures, SharedFacts facts, String instance) {
        // As cheap as BCrypt gets.
        String hash = "{bcrypt}" + new BCryptPasswordEncoder(4).encode("secret");
        passwords.decoys(List.of(hash));
        ScramVerifier verifier =
                ScramVerifier.of(
                        "secret",
                        "0123456789abcdef".getBytes(StandardCharsets.UTF_8),
                        ScramVerifier.ITERATIONS);
        known.put("alice", new User(alice, Optional.of(hash), Optional.of(verifier)));
        known.put("bob", new User(bob, Optional.of(hash), Optional.empty()));
        UserSource source =
                new UserSource() {
                    @Override
                    public Optional<KnownUser> find(String name) {
                        return Optional.ofNullable(known.get(name));
                    }

                    @Override
                    public Object state() {
                        return known;
                    }
                };
        Users users =
                new Users(
                        List.of(source),
                        passwords,
                        new LoginCache(Duration.ZERO, Duration.ZERO, clock),
                        new DecoyVerifiers(new byte[] {1}));
        throttle = throttle(userFailures, addressFailures, facts, instance);
        authentication = of(users, throttle);
        openAuthentication =
                of(
                        users,
                        throttle(
                                Integer.MAX_VALUE,
                                Integer.MAX_VALUE,
                                new MemoryMailQueue(clock).facts("open"),
                                instance));
    }

    private FailureThrottle throttle(
            int userFailures, int addressFailures, SharedFacts facts, String instance) {
        return new FailureThrottle(
                new ThrottleSettings(
                        userFailures, addressFailures, Duration.ofMinutes(15), Duration.ofDays(7)),
                instance,
                facts,
                clock);
    }

    private Authentication of(Users users, FailureThrottle by) {
        return new Authentication(
                new SessionLimits(3, Duration.ofMillis(1)),
                List.of(Mechanism.values()),
                users,
                Optional.empty(),
                by,
                new LoginMetrics(meters, passwords, by));
    }

    private static SharedFacts started(MemoryMailQueue queue) {
        return queue.facts("control");
    }
}
