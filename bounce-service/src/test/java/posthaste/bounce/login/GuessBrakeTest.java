package posthaste.bounce.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import posthaste.testing.SettableClock;

class GuessBrakeTest {
    private final SettableClock clock = SettableClock.at("2026-11-22T12:00:00Z");
    private final GuessBrake brake = new GuessBrake(clock);

    @Test
    void whoGuessesWaitsLongerEachTimeUpToTwoSeconds() {
        for (int i = 0; i < 3; i++) {
            assertThat(brake.delay("192.0.2.1")).isZero();
            brake.wrong("192.0.2.1");
        }
        assertThat(brake.delay("192.0.2.1")).isEqualTo(Duration.ofMillis(100));
        brake.wrong("192.0.2.1");
        assertThat(brake.delay("192.0.2.1")).isEqualTo(Duration.ofMillis(200));
        for (int i = 0; i < 100; i++) {
            brake.wrong("192.0.2.1");
        }
        assertThat(brake.delay("192.0.2.1")).isEqualTo(Duration.ofSeconds(2));
        assertThat(brake.delay("192.0.2.2")).isZero();
    }

    @Test
    void theRightPasswordAndTimeMakeItForget() {
        for (int i = 0; i < 5; i++) {
            brake.wrong("192.0.2.1");
            brake.wrong("192.0.2.2");
        }
        brake.right("192.0.2.1");
        assertThat(brake.delay("192.0.2.1")).isZero();
        clock.advance(Duration.ofMinutes(11));
        assertThat(brake.delay("192.0.2.2")).isZero();
    }
}
