package posthaste.queue.kafka;

import java.time.Duration;

/**
 * Whether a loop may believe that its partitions are still its own. A process that was frozen, or a
 * machine that slept, comes back with handlers at the very point where they stopped, while others
 * may long have their records: so after a gap in the loop's turns nothing that cannot be taken back
 * is done until the group has accepted a commit that was sent after the gap.
 *
 * <p>The loop's thread writes, all others read.
 */
final class Lease {
    /** Below the session time-out of any group: within it nobody else gets a partition. */
    private static final Duration GAP = Duration.ofSeconds(1);

    private volatile long turnedAt = System.nanoTime();
    private volatile boolean proved = true;
    private int gaps;

    /** Whether the partitions are ours for sure. */
    boolean isHeld() {
        return proved && System.nanoTime() - turnedAt < GAP.toNanos();
    }

    /** The loop goes round. */
    void turned() {
        long now = System.nanoTime();
        if (now - turnedAt >= GAP.toNanos()) {
            proved = false;
            gaps++;
        }
        turnedAt = now;
    }

    boolean needsProof() {
        return !proved;
    }

    /** What a commit that is sent now can prove. */
    int sent() {
        return gaps;
    }

    /** A commit was accepted. */
    void accepted(int sent) {
        if (sent == gaps) {
            proved = true;
        }
    }
}
