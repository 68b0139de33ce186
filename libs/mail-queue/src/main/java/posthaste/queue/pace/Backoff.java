package posthaste.queue.pace;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits that double from {@code first} to {@code longest}, each shortened by up to half at random
 * so that those who failed together don't come back together.
 */
public record Backoff(Duration first, Duration longest) {
    private static final int DOUBLINGS = 30;

    /**
     * The wait after a failure.
     *
     * @param failures in a row, counted from 1
     */
    public Duration after(int failures, RandomGenerator random) {
        long factor = 1L << Math.min(failures - 1, DOUBLINGS);
        long nanos =
                Math.min(
                        longest.toNanos(),
                        first.toNanos() > longest.toNanos() / factor
                                ? longest.toNanos()
                                : first.toNanos() * factor);
        return Duration.ofNanos(nanos - (long) (random.nextDouble() * nanos / 2));
    }
}
