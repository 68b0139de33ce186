package posthaste.acceptance.chaos;

import java.time.Duration;

/**
 * The time of a run: nanoseconds since it began, the same for clients, sink and faults, whatever
 * becomes of the wall clock.
 */
final class RunClock {
    private final long begin = System.nanoTime();

    long now() {
        return System.nanoTime() - begin;
    }

    /** In seconds, as a report shows it. */
    static String seconds(long nanos) {
        return "%.3f".formatted(nanos / 1e9);
    }

    static long nanos(Duration duration) {
        return duration.toNanos();
    }
}
