package posthaste.outbound.destination;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all destinations of the process hold together, against its cap: while others have work no
 * destination holds more than a quarter, and all slow ones together wait with no more than half
 * (DESIGN 6).
 */
final class ProcessLoad {
    private static final int QUARTER = 4;
    private static final int HALF = 2;

    private final int cap;
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();

    ProcessLoad(int cap) {
        this.cap = cap;
    }

    void came() {
        held.incrementAndGet();
    }

    void left() {
        held.decrementAndGet();
    }

    void beganToWait() {
        waiting.incrementAndGet();
    }

    void endedToWait() {
        waiting.decrementAndGet();
    }

    int held() {
        return held.get();
    }

    int waiting() {
        return waiting.get();
    }

    /**
     * Whether one more that waits for a destination would be more than its share.
     *
     * @param heldHere by that destination, the one in question included
     */
    boolean wouldCrowdOut(int heldHere) {
        boolean othersHaveWork = held.get() > heldHere;
        return othersHaveWork
                && (heldHere > Math.max(1, cap / QUARTER)
                        || waiting.get() + 1 > Math.max(1, cap / HALF));
    }
}
