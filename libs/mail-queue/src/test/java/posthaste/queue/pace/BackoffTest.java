package posthaste.queue.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));
    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void waitsDoubleUpToTheLongest() {
        for (int failures = 1; failures <= 100; failures++) {
            long whole = (long) Math.min(30_000, 100 * Math.pow(2, failures - 1));
            for (int i = 0; i < 20; i++) {
                assertThat(backoff.after(failures, random))
                        .isBetween(Duration.ofMillis(whole / 2), Duration.ofMillis(whole));
            }
        }
    }

    @Test
    void thoseWhoFailedTogetherDoNotComeBackTogether() {
        assertThat(backoff.after(5, random)).isNotEqualTo(backoff.after(5, random));
    }
}
