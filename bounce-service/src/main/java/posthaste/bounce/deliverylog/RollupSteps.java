package posthaste.bounce.deliverylog;

import java.time.Duration;
import java.time.Instant;

/**
 * How fine the figures of charts are kept: by the minute while they are young, then by the hour,
 * then by the day.
 *
 * @param minutes how long by the minute
 * @param hours how long by the hour
 * @param days how long at all
 */
public record RollupSteps(Duration minutes, Duration hours, Duration days) {
    static final Duration MINUTE = Duration.ofMinutes(1);
    static final Duration HOUR = Duration.ofHours(1);
    static final Duration DAY = Duration.ofDays(1);

    public RollupSteps {
        if (minutes.compareTo(hours) > 0 || hours.compareTo(days) > 0) {
            throw new IllegalArgumentException(
                    "minutes are kept no longer than hours, and hours no longer than days");
        }
    }

    /** What is older than this stands in hours. */
    Instant minutesSince(Instant now) {
        return startOf(now.minus(minutes), HOUR);
    }

    /** What is older than this stands in days. */
    Instant hoursSince(Instant now) {
        return startOf(now.minus(hours), DAY);
    }

    /** What is older than this is no more. */
    Instant daysSince(Instant now) {
        return startOf(now.minus(days), DAY);
    }

    /** The step asked for, or the one that the figures are kept in where that is longer. */
    Duration stepFor(Instant from, Duration wanted, Instant now) {
        Duration kept =
                from.isBefore(hoursSince(now))
                        ? DAY
                        : from.isBefore(minutesSince(now)) ? HOUR : MINUTE;
        // Whole multiples, so that no kept step is split between two of a chart.
        long times = Math.max(1, Math.ceilDiv(wanted.toMillis(), kept.toMillis()));
        return kept.multipliedBy(times);
    }

    private static Instant startOf(Instant at, Duration step) {
        long length = step.toMillis();
        return Instant.ofEpochMilli(Math.floorDiv(at.toEpochMilli(), length) * length);
    }
}
