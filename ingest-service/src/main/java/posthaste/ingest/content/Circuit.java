package posthaste.ingest.content;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Remembers that a scanner is away, so that nobody waits for it: after some failures in a row it is
 * not asked, but for one at a time who looks, after a pause each time, whether it is back.
 */
final class Circuit {
    private final int downAfter;
    private final long pauseNanos;
    private final LongSupplier nanoTime;
    private int failures;
    private long nextLook;

    /**
     * Closed at first.
     *
     * @param downAfter failures in a row
     * @param pause between two looks
     * @param nanoTime as {@link System#nanoTime}
     */
    Circuit(int downAfter, Duration pause, LongSupplier nanoTime) {
        this.downAfter = downAfter;
        this.pauseNanos = pause.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Whether the caller may ask now; then it tells how that went. */
    synchronized boolean permits() {
        if (!isDown()) {
            return true;
        }
        long now = nanoTime.getAsLong();
        if (now - nextLook < 0) {
            return false;
        }
        // Also should this look never end, the next one comes.
        nextLook = now + pauseNanos;
        return true;
    }

    /** Tells whether the scanner had counted as away. */
    synchronized boolean answered() {
        boolean wasDown = isDown();
        failures = 0;
        return wasDown;
    }

    /** Tells whether it is this failure that makes the scanner count as away. */
    synchronized boolean failed() {
        nextLook = nanoTime.getAsLong() + pauseNanos;
        if (isDown()) {
            return false;
        }
        return ++failures == downAfter;
    }

    synchronized boolean isDown() {
        return failures >= downAfter;
    }
}
