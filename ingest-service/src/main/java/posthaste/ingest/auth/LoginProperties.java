package posthaste.ingest.auth;

import static posthaste.service.settings.Setting.between;
import static posthaste.service.settings.Setting.require;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.ingest.auth.sasl.Mechanism;
import posthaste.ingest.auth.throttle.ThrottleSettings;

/**
 * Logins: of users, by SMTP, and of programs with keys, by HTTP. Users are looked for in the file,
 * then in the database (posthaste.users-database), then in the directory (posthaste.ldap); the
 * first that knows a name has the only word on it. Tokens are of posthaste.jwt.
 *
 * @param usersFile of users and keys, read again when it changes; {@code ./posthaste user} and
 *     {@code ./posthaste key} write it. Empty: none
 * @param mechanisms that clients may choose from, of SCRAM-SHA-256, PLAIN, LOGIN, OAUTHBEARER and
 *     XOAUTH2
 * @param cache how long a password that was right is not hashed again: long enough for a client
 *     that logs in for each mail
 * @param outlast how long a user who has logged in before can do so while database or directory are
 *     away
 * @param maxHashing passwords that are hashed at the same time; 0: half of the cores, at least one
 * @param hashWait for one's turn; then 454
 * @param decoySecret from which what SCRAM says of users that do not exist is made; the same in all
 *     instances, or a client that meets two of them can tell (default: a random one)
 * @param maxFailures of a session, then 421
 * @param failureDelay of the reply to a session's first failure, twice as long to its second
 * @param userFailures of one user, over all instances; then strangers are not heard for him, and an
 *     address from which he logged in before not after as many of its own
 * @param addressFailures of an IPv4 address or IPv6 /64 network, over all instances; then it is not
 *     heard. Higher where many share an address
 * @param failureMemory how long without a failure until those before are forgotten
 * @param familiar how long an address counts as one from which a user logged in before
 */
@ConfigurationProperties(prefix = "posthaste.login", ignoreUnknownFields = false)
public record LoginProperties(
        @DefaultValue("") String usersFile,
        @DefaultValue({"SCRAM-SHA-256", "OAUTHBEARER", "XOAUTH2", "PLAIN", "LOGIN"})
                List<String> mechanisms,
        @DefaultValue("1m") Duration cache,
        @DefaultValue("24h") Duration outlast,
        @DefaultValue("0") int maxHashing,
        @DefaultValue("10s") Duration hashWait,
        @DefaultValue("") String decoySecret,
        @DefaultValue("3") int maxFailures,
        @DefaultValue("1s") Duration failureDelay,
        @DefaultValue("20") int userFailures,
        @DefaultValue("50") int addressFailures,
        @DefaultValue("15m") Duration failureMemory,
        @DefaultValue("7d") Duration familiar) {
    private static final int MANY = 1_000_000;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);

    public LoginProperties {
        mechanisms = List.copyOf(mechanisms);
        require(
                "mechanisms",
                mechanisms,
                mechanisms.stream().allMatch(name -> Mechanism.named(name).isPresent()),
                "of SCRAM-SHA-256, PLAIN, LOGIN, OAUTHBEARER and XOAUTH2");
        between("cache", cache, Duration.ZERO, DAY);
        between("outlast", outlast, Duration.ZERO, Duration.ofDays(30));
        between("max-hashing", maxHashing, 0, 1000);
        between("hash-wait", hashWait, Duration.ofMillis(100), Duration.ofMinutes(2));
        between("max-failures", maxFailures, 1, 20);
        between("failure-delay", failureDelay, Duration.ZERO, Duration.ofSeconds(10));
        between("user-failures", userFailures, 1, MANY);
        between("address-failures", addressFailures, 1, MANY);
        between("failure-memory", failureMemory, SECOND, DAY);
        between("familiar", familiar, SECOND, Duration.ofDays(90));
    }

    public int hashers() {
        return maxHashing > 0
                ? maxHashing
                : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    public List<Mechanism> offered() {
        return mechanisms.stream().flatMap(name -> Mechanism.named(name).stream()).toList();
    }

    public SessionLimits session() {
        return new SessionLimits(maxFailures, failureDelay);
    }

    public ThrottleSettings throttle() {
        return new ThrottleSettings(userFailures, addressFailures, failureMemory, familiar);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "LoginProperties[" + usersFile + ", " + mechanisms + "]";
    }
}
