package posthaste.queue.kafka;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether a loop may believe that its partitions are still its own. A process that was frozen, a
 * machine that is cut off from the brokers, a client that sends no heartbeats since its clock was
 * set back: each goes on with what it has in hand, while others may long have its records. So
 * nothing that cannot be taken back is done unless the group has lately accepted a commit; after a
 * gap in the loop's turns, or a commit that failed, one that was sent afterwards.
 *
 * <p>The loop's thread writes, all others read.
 */
final class Lease {
    /** Below the session time-out of any group: within it nobody else gets a partition. */
    private static final Duration GAP = Duration.ofSeconds(1);

    /**
     * How long a commit proves something. The group puts a member out at the earliest when the
     * session time-out (6 s) less the time between two heartbeats (1 s) is over since it was last
     * heard.
     */
    private static final Duration VALID = Duration.ofSeconds(3);

    /** Renewed in time, so that who is at work need not wait. */
    private static final Duration RENEWED = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private volatile long turnedAt;
    private volatile long provedAt;
    private volatile boolean wanted;
    private int breaks;

    /**
     * What a commit proves once it is accepted.
     *
     * @param breaks that lay behind when it was sent
     * @param at when it was sent, as {@link System#nanoTime}
     */
    record Proof(int breaks, long at) {}

    Lease(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.turnedAt = nanoTime.getAsLong();
        this.provedAt = turnedAt - VALID.toNanos();
    }

    /** Whether the partitions are ours for sure. If not, the next commit is to find out. */
    boolean isHeld() {
        long now = nanoTime.getAsLong();
        boolean held = now - turnedAt < GAP.toNanos() && now - provedAt < VALID.toNanos();
        if (!held) {
            wanted = true;
        }
        return held;
    }

    /** The loop goes round. */
    void turned() {
        long now = nanoTime.getAsLong();
        if (now - turnedAt >= GAP.toNanos()) {
            broken();
        }
        turnedAt = now;
    }

    /** What was proved before counts no more. */
    void broken() {
        breaks++;
        provedAt = nanoTime.getAsLong() - VALID.toNanos();
    }

    /**
     * Whether the next commit is to name partitions without news, too.
     *
     * @param atWork whether any handler runs
     */
    boolean needsProof(boolean atWork) {
        long age = nanoTime.getAsLong() - provedAt;
        return (wanted && age >= VALID.toNanos()) || (atWork && age >= RENEWED.toNanos());
    }

    /** What a commit that is sent now can prove. */
    Proof sent() {
        return new Proof(breaks, nanoTime.getAsLong());
    }

    /** A commit was accepted. */
    void accepted(Proof proof) {
        if (proof.breaks() == breaks) {
            provedAt = proof.at();
            wanted = false;
        }
    }
}
