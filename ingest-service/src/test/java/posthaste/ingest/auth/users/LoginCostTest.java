package posthaste.ingest.auth.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import posthaste.ingest.auth.sasl.DecoyVerifiers;
import posthaste.ingest.submitter.Login;

/**
 * What a login costs: printed, for docs/operations.md. Passwords are hashed on {@code
 * posthaste.login.max-hashing} cores; the rest costs next to nothing.
 */
@Tag("full")
class LoginCostTest {
    private static final String PASSWORD = "correct horse battery staple";

    @Test
    void aPasswordCostsItsHashAndOneThatWasRightLatelyNothing() throws Exception {
        measure("PLAIN, BCrypt", Passwords.bcrypt(PASSWORD), Duration.ZERO, 20);
        measure("PLAIN, Argon2", Passwords.argon2(PASSWORD), Duration.ZERO, 20);
        double cached =
                measure(
                        "PLAIN, right within the last minute",
                        Passwords.bcrypt(PASSWORD),
                        Duration.ofMinutes(1),
                        50_000);
        assertThat(cached).isLessThan(10_000);
    }

    private static double measure(String what, String hash, Duration cache, int logins)
            throws UsersAwayException {
        User ann =
                new User(
                        new Login("ann", List.of("*"), Optional.empty()),
                        Optional.of(hash),
                        Optional.empty());
        Users users =
                new Users(
                        List.of(
                                new UserSource() {
                                    @Override
                                    public Optional<KnownUser> find(String name) {
                                        return Optional.of(ann);
                                    }

                                    @Override
                                    public Object state() {
                                        return ann;
                                    }
                                }),
                        new Passwords(1, Duration.ofSeconds(30)),
                        new LoginCache(cache, cache, InstantSource.system()),
                        new DecoyVerifiers(new byte[] {1}));
        double micros =
                micros(
                        logins,
                        () -> {
                            try {
                                assertThat(users.withPassword("ann", PASSWORD)).isPresent();
                            } catch (UsersAwayException e) {
                                throw new AssertionError(e);
                            }
                        });
        tell(what, micros);
        return micros;
    }

    private static double micros(int times, Runnable work) {
        for (int i = 0; i < times / 2; i++) {
            work.run();
        }
        // Time of this thread on its core: whatever else runs here does not count.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begun = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < times; i++) {
            work.run();
        }
        return (threads.getCurrentThreadCpuTime() - begun) / 1000.0 / times;
    }

    private static void tell(String what, double micros) {
        System.out.printf(
                "%s: %,.0f microseconds, %,.0f logins a second of one core%n",
                what, micros, 1_000_000 / micros);
    }
}
