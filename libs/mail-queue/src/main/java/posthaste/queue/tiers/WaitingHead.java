package posthaste.queue.tiers;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The head of a partition whose records wait: due at its timestamp plus the delay.
 *
 * <p>Clocks jump. One that is put back, or a broker whose clock is ahead of ours, would make a head
 * wait longer than its tier says; so no head waits longer than the delay from when it was first
 * seen here, by a clock that only ever runs. One that is put forward makes heads due early, which
 * costs an attempt.
 */
public final class WaitingHead {
    private static final long NONE = -1;

    private final Duration delay;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private long offset = NONE;
    private long firstSeen;

    /**
     * @param delay zero: everything is due at once
     * @param nanoTime as {@link System#nanoTime}
     */
    public WaitingHead(Duration delay, InstantSource clock, LongSupplier nanoTime) {
        this.delay = delay;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * How long the head still waits.
     *
     * @param timestamp when the record was written
     * @return zero when it is due, never less
     */
    public Duration remaining(long headOffset, Instant timestamp) {
        if (delay.isZero()) {
            return Duration.ZERO;
        }
        long nanos = nanoTime.getAsLong();
        if (headOffset != offset) {
            offset = headOffset;
            firstSeen = nanos;
        }
        Duration byWallClock = Duration.between(clock.instant(), timestamp.plus(delay));
        Duration sinceSeen = delay.minusNanos(nanos - firstSeen);
        Duration shorter = byWallClock.compareTo(sinceSeen) < 0 ? byWallClock : sinceSeen;
        return shorter.isNegative() ? Duration.ZERO : shorter;
    }
}
