package posthaste.ingest.policy.stress;

import java.time.Duration;
import posthaste.ingest.policy.Haste;

/**
 * When stress begins and ends, and what it means.
 *
 * @param tightAt share of a resource in use from which strangers stand back
 * @param severeAt share from which everyone does
 * @param calmBelow share below which it is over
 * @param hold how long all must have been below before it is over, or less hard
 * @param haste for those who stand back
 */
public record StressSettings(
        double tightAt, double severeAt, double calmBelow, Duration hold, Haste haste) {
    public static final StressSettings DEFAULT =
            new StressSettings(
                    0.85,
                    0.95,
                    0.7,
                    Duration.ofSeconds(5),
                    new Haste(Duration.ofSeconds(10), Duration.ofSeconds(5), 4096, 5, 10));

    public StressSettings {
        if (!(calmBelow < tightAt && tightAt <= severeAt)) {
            throw new IllegalArgumentException(
                    "calm-below must be less than tight-at, and that no more than severe-at");
        }
    }
}
