package posthaste.fallback.janitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BrokerClockTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final BrokerClock clock = new BrokerClock();

    @Test
    void withoutAnyRecordThereIsOnlyOurOwnClock() {
        assertThat(clock.certain(NOON, 17)).isEqualTo(NOON);
    }

    @Test
    void aLocalClockThatIsAnHourAheadMakesNothingOld() {
        clock.saw(NOON, 100 * SECOND);

        assertThat(clock.certain(NOON.plusSeconds(3600), 160 * SECOND))
                .isEqualTo(NOON.plusSeconds(60));
    }

    @Test
    void aBrokersClockThatIsAheadMakesNothingOldEither() {
        clock.saw(NOON.plusSeconds(3600), 0);

        assertThat(clock.certain(NOON, 0)).isEqualTo(NOON);
    }

    @Test
    void timeGoesOnWhileNoMailComes() {
        clock.saw(NOON, 0);

        assertThat(clock.certain(NOON.plusSeconds(7200), 7200 * SECOND))
                .isEqualTo(NOON.plusSeconds(7200));
    }

    @Test
    void theNewestRecordCounts() {
        clock.saw(NOON, 0);
        clock.saw(NOON.minusSeconds(50), SECOND);
        clock.saw(NOON.plusSeconds(10), 2 * SECOND);

        assertThat(clock.certain(NOON.plusSeconds(3600), 2 * SECOND))
                .isEqualTo(NOON.plusSeconds(10));
    }
}
