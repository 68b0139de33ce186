package posthaste.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SettableClockTest {

    @Test
    void itMovesOnlyWhenItIsMoved() {
        SettableClock clock = SettableClock.at("2026-11-22T10:00:00Z");
        clock.advance(Duration.ofMinutes(1));
        assertThat(clock.instant()).isEqualTo(Instant.parse("2026-11-22T10:01:00Z"));
        assertThat(clock.millis()).isEqualTo(clock.instant().toEpochMilli());
    }
}
