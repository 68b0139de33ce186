package posthaste.outbound.destination;

import java.util.concurrent.atomic.AtomicInteger;
import posthaste.mail.envelope.Stream;

/** One stream's jobs at one destination. */
final class Lane {
    final Stream stream;

    /** What the process holds of the stream. */
    final ProcessLoad load;

    /**
     * Jobs of the stream that are in here or on their way in or out; kept by {@link Destinations}.
     * At no time fewer than the process load counts of them.
     */
    final AtomicInteger visitors = new AtomicInteger();

    /** Attempts under way; guarded by the destination's lock. */
    int busy;

    Lane(Stream stream, ProcessLoad load) {
        this.stream = stream;
        this.load = load;
    }
}
