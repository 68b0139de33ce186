package posthaste.bounce.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import posthaste.testing.SettableClock;

class GuessBrakeTest {
    private static final String ADDRESS = "192.0.2.1";

    private final SettableClock clock = SettableClock.at("2026-11-22T12:00:00Z");
    private final GuessBrake brake = new GuessBrake(clock);

    @Test
    void whoGuessesWaitsLongerEachTimeUpToTwoSeconds() {
        for (int i = 0; i < 3; i++) {
            assertThat(brake.delay(ADDRESS, "admin")).isZero();
            brake.wrong(ADDRESS, "admin");
        }
        assertThat(brake.delay(ADDRESS, "admin")).isEqualTo(Duration.ofMillis(100));
        brake.wrong(ADDRESS, "admin");
        assertThat(brake.delay(ADDRESS, "admin")).isEqualTo(Duration.ofMillis(200));
        wrong(ADDRESS, "admin", 100);
        assertThat(brake.delay(ADDRESS, "admin")).isEqualTo(Duration.ofSeconds(2));
        assertThat(brake.delay("192.0.2.2", "admin")).isZero();
    }

    @Test
    void theRightPasswordAndTimeMakeItForget() {
        wrong(ADDRESS, "admin", 5);
        wrong("192.0.2.2", "admin", 5);
        brake.right(ADDRESS, "admin");
        assertThat(brake.delay(ADDRESS, "admin")).isZero();
        assertThat(brake.delay(ADDRESS, "otto")).isZero();
        clock.advance(Duration.ofMinutes(11));
        assertThat(brake.delay("192.0.2.2", "admin")).isZero();
    }

    @Test
    void oneThatIsRightForgivesNoGuessesAtAnothersPassword() {
        for (int i = 0; i < 20; i++) {
            wrong(ADDRESS, "admin", 1);
            brake.right(ADDRESS, "vera");
        }
        assertThat(brake.delay(ADDRESS, "admin")).isEqualTo(Duration.ofSeconds(2));
        assertThat(brake.delay(ADDRESS, "otto")).isEqualTo(Duration.ofSeconds(2));
        assertThat(brake.delay(ADDRESS, "vera")).isZero();
    }

    @Test
    void manyNamesFromOneAddressWaitAsOneDoes() {
        for (int i = 0; i < 20; i++) {
            wrong(ADDRESS, "user" + i, 1);
        }
        assertThat(brake.delay(ADDRESS, "another")).isEqualTo(Duration.ofSeconds(2));
    }

    private void wrong(String address, String user, int times) {
        for (int i = 0; i < times; i++) {
            brake.wrong(address, user);
        }
    }
}
