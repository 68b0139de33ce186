package posthaste.queue.tiers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WaitingHeadTest {
    private static final Duration DELAY = Duration.ofMinutes(5);
    private static final Instant WRITTEN = Instant.parse("2026-11-22T10:00:00Z");

    private Instant wall = WRITTEN;
    private long nanos = 1_000_000_000_000L;
    private final WaitingHead head = new WaitingHead(DELAY, () -> wall, () -> nanos);

    @Test
    void aHeadIsDueWhenItsDelayIsOver() {
        assertThat(head.remaining(0, WRITTEN)).isEqualTo(DELAY);
        pass(Duration.ofMinutes(4));
        assertThat(head.remaining(0, WRITTEN)).isEqualTo(Duration.ofMinutes(1));
        pass(Duration.ofMinutes(1));
        assertThat(head.remaining(0, WRITTEN)).isZero();
        pass(Duration.ofDays(1));
        assertThat(head.remaining(0, WRITTEN)).isZero();
    }

    @Test
    void timeThatPassedBeforeItWasReadCounts() {
        pass(Duration.ofHours(2));
        assertThat(head.remaining(0, WRITTEN)).isZero();
    }

    @Test
    void withoutADelayEverythingIsDue() {
        WaitingHead none = new WaitingHead(Duration.ZERO, () -> wall, () -> nanos);
        assertThat(none.remaining(0, WRITTEN.plus(Duration.ofDays(1)))).isZero();
    }

    @Test
    void aClockThatIsPutBackMakesNoHeadWaitLongerThanItsDelay() {
        assertThat(head.remaining(0, WRITTEN)).isEqualTo(DELAY);
        wall = wall.minus(Duration.ofDays(1));
        pass(Duration.ofMinutes(3));
        assertThat(head.remaining(0, WRITTEN)).isEqualTo(Duration.ofMinutes(2));
        pass(Duration.ofMinutes(2));
        assertThat(head.remaining(0, WRITTEN)).isZero();
    }

    @Test
    void aBrokerWhoseClockIsAheadMakesNoHeadWaitLongerThanItsDelay() {
        Instant ahead = WRITTEN.plus(Duration.ofHours(1));
        assertThat(head.remaining(7, ahead)).isEqualTo(DELAY);
        pass(DELAY);
        assertThat(head.remaining(7, ahead)).isZero();
    }

    @Test
    void theNextHeadWaitsForItself() {
        assertThat(head.remaining(0, WRITTEN)).isEqualTo(DELAY);
        pass(DELAY);
        Instant later = WRITTEN.plus(Duration.ofMinutes(2));
        assertThat(head.remaining(1, later)).isEqualTo(Duration.ofMinutes(2));
    }

    private void pass(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }
}
