package posthaste.bounce.deliverylog;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Times from acceptance to delivery, counted in buckets, of which percentiles are read. The bounds
 * are part of the schema (columns {@code w0} to {@code w31} of {@code rollup}): neighbours differ
 * by half at most up to a minute, so a percentile is at most that far from the truth, and mostly a
 * quarter of it, since times are taken to be spread evenly within a bucket.
 */
final class LatencyBuckets {
    /** Upper bounds in milliseconds; what is longer falls into the last bucket. */
    private static final long[] BOUNDS = {
        25,
        50,
        75,
        100,
        150,
        200,
        300,
        400,
        600,
        800,
        1_200,
        1_600,
        2_400,
        3_500,
        5_000,
        7_500,
        10_000,
        15_000,
        20_000,
        30_000,
        45_000,
        60_000,
        120_000,
        300_000,
        600_000,
        1_200_000,
        3_600_000,
        7_200_000,
        21_600_000,
        43_200_000,
        86_400_000
    };

    /** How many there are. */
    static final int COUNT = BOUNDS.length + 1;

    private LatencyBuckets() {}

    /** Which one a time falls into; a clock that went back is no time at all. */
    static int of(long millis) {
        int bucket = 0;
        while (bucket < BOUNDS.length && millis > BOUNDS[bucket]) {
            bucket++;
        }
        return bucket;
    }

    /** An SQL list of all columns, each through {@code format}, in which %1$d is its number. */
    static String columns(String format) {
        return IntStream.range(0, COUNT)
                .mapToObj(format::formatted)
                .collect(Collectors.joining(", "));
    }

    /**
     * The time within which {@code share} of the deliveries were made.
     *
     * @param counts one a bucket, not all zero
     */
    static Duration percentile(long[] counts, double share) {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        double wanted = Math.max(1, share * all);
        long below = 0;
        for (int bucket = 0; bucket < COUNT; bucket++) {
            if (counts[bucket] > 0 && below + counts[bucket] >= wanted) {
                long from = bucket == 0 ? 0 : BOUNDS[bucket - 1];
                // Beyond the last bound nothing is known but that it was longer.
                long to = bucket < BOUNDS.length ? BOUNDS[bucket] : from;
                double within = (wanted - below) / counts[bucket];
                return Duration.ofMillis(Math.round(from + (to - from) * within));
            }
            below += counts[bucket];
        }
        return Duration.ZERO;
    }
}
