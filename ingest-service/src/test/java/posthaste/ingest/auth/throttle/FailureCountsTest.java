package posthaste.ingest.auth.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What comes back late from the topic. */
class FailureCountsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123456789Z");

    private final FailureCounts counts = new FailureCounts(Duration.ofMinutes(15), 10);

    @Test
    void anInstancesOwnWordsOfTheSameMillisecondTakeNothingAway() {
        FailureCounts.Count first = counts.failed("alice", "one", NOW);
        counts.failed("alice", "one", NOW.plusNanos(100_000));
        counts.told("alice", "one", first);
        assertThat(counts.failures("alice", NOW)).isEqualTo(2);
    }

    @Test
    void whatIsToldLaterHoldsEvenIfItIsLess() {
        counts.failed("alice", "one", NOW);
        counts.failed("alice", "one", NOW);
        counts.told("alice", "one", new FailureCounts.Count(1, NOW.plusSeconds(1)));
        assertThat(counts.failures("alice", NOW)).isEqualTo(1);
    }
}
