package posthaste.outbound.destination;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * What all destinations of the process hold together of one stream's jobs, against the stream's
 * cap: while others have work no destination holds more than a quarter, and all slow ones together
 * wait with no more than half (DESIGN 6). Each stream has a cap of its own, so that a campaign for
 * slow destinations crowds out none but itself.
 */
final class ProcessLoad {
    private static final int QUARTER = 4;
    private static final int HALF = 2;

    private final int cap;
    private final IntSupplier destinations;
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Nothing is held yet.
     *
     * @param destinations known now: those that had something to do lately
     */
    ProcessLoad(int cap, IntSupplier destinations) {
        this.cap = cap;
        this.destinations = destinations;
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
     * @param heldHere tried or waiting at that destination, the one in question included
     * @param visitorsHere the same with those who have just come or are about to leave
     */
    boolean wouldCrowdOut(int heldHere, int visitorsHere) {
        boolean othersHaveWork = held.get() > visitorsHere || othersMayBeKeptOut();
        return othersHaveWork
                && (heldHere > Math.max(1, cap / QUARTER)
                        || waiting.get() + 1 > Math.max(1, cap / HALF));
    }

    /**
     * Whether the process holds so much that other destinations' jobs may be waiting outside, where
     * they cannot be seen: a burst for one that hangs fills it before its slowness shows. Where all
     * mail has one destination there are no others.
     */
    private boolean othersMayBeKeptOut() {
        return held.get() >= Math.max(1, cap / HALF) && destinations.getAsInt() > 1;
    }
}
