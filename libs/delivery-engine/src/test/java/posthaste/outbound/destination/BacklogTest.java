package posthaste.outbound.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import posthaste.mail.envelope.Stream;
import posthaste.testing.SettableClock;

class BacklogTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final SettableClock clock = SettableClock.at("2026-11-22T10:00:00Z");
    private static final Stream BULK = new Stream("bulk");

    private final Backlog backlog = new Backlog();

    @Test
    void theWaitIsThatOfThoseAheadOverThoseAtOnce() {
        backlog.took(2 * SECOND);
        assertThat(backlog.estimate(9, 5, 0)).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void aDestinationThatNeverAnsweredIsJudgedByItsOldestAttempt() {
        assertThat(backlog.estimate(0, 5, 0)).isZero();
        assertThat(backlog.estimate(4, 5, 10 * SECOND)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void whoIsSentAwayComesBackBehindThoseSentAwayBefore() {
        backlog.took(SECOND);
        Duration wait = Duration.ofSeconds(10);
        assertThat(backlog.sendAway(BULK, clock.instant(), wait, 2, 0)).isEqualTo(wait);
        assertThat(backlog.sendAway(BULK, clock.instant(), wait, 2, 0))
                .isEqualTo(Duration.ofMillis(10_500));
        clock.advance(Duration.ofSeconds(5));
        assertThat(backlog.sendAway(BULK, clock.instant(), wait, 2, 0))
                .as("what was sent away has not moved, we have")
                .isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aStreamComesBackBehindItsOwnOnly() {
        backlog.took(SECOND);
        Duration wait = Duration.ofSeconds(10);
        for (int i = 0; i < 10_000; i++) {
            backlog.sendAway(BULK, clock.instant(), wait, 2, 0);
        }
        assertThat(backlog.sendAway(Stream.TRANSACTIONAL, clock.instant(), wait, 2, 0))
                .isEqualTo(wait);
    }
}
