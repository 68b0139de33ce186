package posthaste.queue.pace;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells who writes something durably whether it pays to wait for others: it does when, at the rate
 * of late, several come within the time of the wait. Few who wait for each other would only be
 * slowed down, and then be fewer yet.
 */
public final class Company {
    /** Windows in which is counted: long enough for bursts to even out. */
    private static final long WINDOW_NANOS = Duration.ofMillis(100).toNanos();

    private final long enough;
    private final LongSupplier nanoTime;
    private final long begin;
    private long window;
    private long count;
    private boolean enoughBefore;

    /**
     * Counts from now on.
     *
     * @param wait that is considered
     * @param company how many are to come within it, the asking one included
     * @param nanoTime as {@link System#nanoTime}
     */
    public Company(Duration wait, int company, LongSupplier nanoTime) {
        this.enough = company * WINDOW_NANOS / wait.toNanos();
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    /** Counts the one who asks, and says whether others are to be expected. Any thread may ask. */
    public synchronized boolean comes() {
        long now = (nanoTime.getAsLong() - begin) / WINDOW_NANOS;
        if (now != window) {
            enoughBefore = now == window + 1 && count >= enough;
            window = now;
            count = 0;
        }
        count++;
        return enoughBefore;
    }
}
