package posthaste.outbound.destination;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import posthaste.mail.envelope.Stream;

/**
 * Estimates how long a job of a slow destination would wait, those already sent away counted in.
 */
final class Backlog {
    /** Weight of the newest attempt in the mean: the last ten or so count. */
    private static final double NEWEST = 0.1;

    private double meanNanos;
    private final Map<Stream, Instant> endOfQueue = new HashMap<>();

    /** An attempt took so long. */
    void took(long nanos) {
        meanNanos = meanNanos == 0 ? nanos : meanNanos + NEWEST * (nanos - meanNanos);
    }

    /**
     * The wait behind others.
     *
     * @param ahead jobs of the stream that wait already
     * @param limit attempts at once, those of the stream's part
     * @param oldestNanos how long the oldest attempt has been under way: a destination that never
     *     answers has no mean
     */
    Duration estimate(int ahead, double limit, long oldestNanos) {
        double each = Math.max(meanNanos, (double) oldestNanos);
        return Duration.ofNanos((long) (each * (ahead + 1) / limit));
    }

    /**
     * A job is sent away, to come back when its turn is estimated to be: behind those of its stream
     * that were sent away before.
     *
     * @param wait by {@link #estimate}
     * @return in how long that is
     */
    Duration sendAway(Stream stream, Instant now, Duration wait, double limit, long oldestNanos) {
        Duration share =
                Duration.ofNanos((long) (Math.max(meanNanos, (double) oldestNanos) / limit));
        Instant earliest = now.plus(wait);
        Instant turn =
                endOfQueue.merge(
                        stream,
                        earliest,
                        (end, _) -> end.isBefore(earliest) ? earliest : end.plus(share));
        return Duration.between(now, turn);
    }
}
