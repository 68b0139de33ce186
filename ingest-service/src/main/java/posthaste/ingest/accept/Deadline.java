package posthaste.ingest.accept;

import java.time.Duration;

/** A point in time by which the client gets its reply, on the clock of {@link System#nanoTime}. */
public record Deadline(long startedAt, Duration allowed) {

    /** So much time from now. */
    public static Deadline in(Duration allowed) {
        return new Deadline(System.nanoTime(), allowed);
    }

    /** Zero when it has passed. */
    public Duration remaining() {
        Duration left = allowed.minus(elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }
}
