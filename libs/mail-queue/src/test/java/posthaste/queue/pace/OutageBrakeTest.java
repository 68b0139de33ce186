package posthaste.queue.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OutageBrakeTest {
    private final OutageBrake brake =
            new OutageBrake(
                    new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1)),
                    new SplittableRandom(1));
    private long now;

    @Test
    void nothingIsHeldUpWhileAllGoesWell() {
        for (int i = 0; i < 10; i++) {
            assertThat(brake.mayStart(now)).isTrue();
            brake.start(now);
        }
    }

    @Test
    void afterAFailureNothingStartsForAWhile() {
        brake.failed(brake.start(now), now);
        assertThat(brake.mayStart(now)).isFalse();
        pass(100);
        assertThat(brake.mayStart(now)).isTrue();
    }

    @Test
    void oneProbeAWaitStartsUntilOneComesThrough() {
        brake.failed(brake.start(now), now);
        pass(100);
        long probe = brake.start(now);
        assertThat(brake.mayStart(now)).isFalse();
        brake.failed(probe, now);
        pass(99);
        assertThat(brake.mayStart(now)).isFalse();
        pass(101);
        assertThat(brake.mayStart(now)).isTrue();
        brake.start(now);
        brake.succeeded();
        assertThat(brake.mayStart(now)).isTrue();
        assertThat(brake.isOn()).isFalse();
    }

    @Test
    void aThousandThatWereInFlightTogetherCountAsOneFailure() {
        long era = 0;
        for (int i = 0; i < 1000; i++) {
            era = brake.start(now);
        }
        for (int i = 0; i < 1000; i++) {
            brake.failed(era, now);
        }
        pass(100);
        assertThat(brake.mayStart(now)).isTrue();
    }

    private void pass(long millis) {
        now += Duration.ofMillis(millis).toNanos();
    }
}
