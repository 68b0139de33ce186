package posthaste.outbound.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import posthaste.testing.SettableClock;

class HealthTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final SettableClock clock = SettableClock.at("2026-11-22T10:00:00Z");
    private final Health health = new Health(3, INTERVAL);

    @Test
    void itIsDownAfterSoManyFailuresInARow() {
        health.failed(clock.instant(), false);
        health.failed(clock.instant(), false);
        health.connected();
        health.failed(clock.instant(), false);
        health.failed(clock.instant(), false);
        assertThat(health.isDown()).isFalse();
        health.failed(clock.instant(), false);
        assertThat(health.isDown()).isTrue();
        assertThat(health.downSince()).contains(clock.instant());
    }

    @Test
    void oneProbeAtATimeOncePerInterval() {
        goDown();
        assertThat(health.takeProbe(clock.instant())).isFalse();
        assertThat(health.untilProbe(clock.instant())).isEqualTo(INTERVAL);
        clock.advance(INTERVAL);
        assertThat(health.takeProbe(clock.instant())).isTrue();
        assertThat(health.takeProbe(clock.instant())).isFalse();
        health.failed(clock.instant(), true);
        assertThat(health.takeProbe(clock.instant())).isFalse();
        clock.advance(INTERVAL);
        assertThat(health.takeProbe(clock.instant())).isTrue();
        health.connected();
        assertThat(health.isDown()).isFalse();
    }

    @Test
    void aProbeThatFoundNothingOutIsFollowedByAnother() {
        goDown();
        clock.advance(INTERVAL);
        health.takeProbe(clock.instant());
        health.probeGivenUp();
        assertThat(health.takeProbe(clock.instant())).isTrue();
    }

    @Test
    void aLateFailureOfAnOlderAttemptLetsNoSecondProbeOut() {
        goDown();
        clock.advance(INTERVAL);
        health.takeProbe(clock.instant());
        health.failed(clock.instant(), false);
        clock.advance(INTERVAL);
        assertThat(health.takeProbe(clock.instant())).isFalse();
    }

    @Test
    void itSaysSinceWhenItHasBeenDownNotSinceTheLastProbe() {
        var since = clock.instant();
        goDown();
        clock.advance(INTERVAL);
        health.takeProbe(clock.instant());
        health.failed(clock.instant(), true);
        assertThat(health.downSince()).contains(since);
    }

    @Test
    void aClockThatWasPutBackDoesNotPutTheProbeOff() {
        goDown();
        clock.advance(Duration.ofDays(-1));
        assertThat(health.takeProbe(clock.instant())).isTrue();
    }

    private void goDown() {
        for (int i = 0; i < 3; i++) {
            health.failed(clock.instant(), false);
        }
    }
}
