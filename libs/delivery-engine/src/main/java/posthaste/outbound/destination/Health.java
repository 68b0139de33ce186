package posthaste.outbound.destination;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a destination can be connected to. After so many failures in a row it is down; then one
 * probe at a time, at intervals, finds out when it is back.
 */
final class Health {
    private final int downAfter;
    private final Duration probeInterval;
    private int failuresInARow;
    private @Nullable Instant downSince;
    private Instant nextProbe = Instant.EPOCH;
    private boolean probing;

    Health(int downAfter, Duration probeInterval) {
        this.downAfter = downAfter;
        this.probeInterval = probeInterval;
    }

    boolean isDown() {
        return downSince != null;
    }

    Optional<Instant> downSince() {
        return Optional.ofNullable(downSince);
    }

    /** Whether the caller is to be the probe now. */
    boolean takeProbe(Instant now) {
        if (!isDown() || probing || !untilProbe(now).isZero()) {
            return false;
        }
        probing = true;
        return true;
    }

    /** How long until the next probe: what a job that is held back had better wait. */
    Duration untilProbe(Instant now) {
        Duration left = Duration.between(now, nextProbe);
        // A clock that was put back must not put the probe off for longer than the interval.
        return left.isNegative() || left.compareTo(probeInterval) > 0 ? Duration.ZERO : left;
    }

    void connected() {
        failuresInARow = 0;
        downSince = null;
        probing = false;
    }

    /**
     * No host gave a session.
     *
     * @param probe whether the probe found out, and not one who had been under way before
     */
    void failed(Instant now, boolean probe) {
        failuresInARow++;
        if (failuresInARow >= downAfter) {
            downSince = downSince == null ? now : downSince;
            nextProbe = now.plus(probeInterval);
            probing = probing && !probe;
        }
    }

    /** A probe ended without finding out. */
    void probeGivenUp() {
        probing = false;
    }
}
