package posthaste.body.s3;

import java.time.Duration;

/**
 * Until when something has to be done.
 *
 * @param nanoTime as {@link System#nanoTime}
 */
record Deadline(long nanoTime) {

    static Deadline in(Duration wait) {
        return new Deadline(System.nanoTime() + wait.toNanos());
    }

    /** Negative when it is over. */
    Duration left() {
        return Duration.ofNanos(nanoTime - System.nanoTime());
    }
}
