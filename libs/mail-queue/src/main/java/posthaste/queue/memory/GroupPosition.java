package posthaste.queue.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;

/** What a group has read of a partition and not settled; the log's monitor guards it. */
final class GroupPosition {
    private long next;
    private final TreeSet<Long> inFlight = new TreeSet<>();

    /** Taken and given back. */
    private final TreeSet<Long> returned = new TreeSet<>();

    /** Where a follower reads on, whatever was deleted meanwhile; below 0: it has not begun. */
    private long followed = -1;

    /** A tail reads a partition alone. */
    private boolean tailed;

    /** What is below is gone. */
    void atLeast(long start) {
        next = Math.max(next, start);
        returned.removeIf(offset -> offset < start);
    }

    /** Everything below is settled. */
    long mark() {
        long mark = next;
        mark = inFlight.isEmpty() ? mark : Math.min(mark, inFlight.first());
        return returned.isEmpty() ? mark : Math.min(mark, returned.first());
    }

    /** What a tail has written, for those who ask how far it is. */
    void tailed(long offset) {
        next = Math.max(next, offset);
    }

    boolean isFollowed() {
        return followed >= 0;
    }

    long followed() {
        return followed;
    }

    void follow(long offset) {
        followed = offset;
    }

    OptionalLong head(long end) {
        if (!returned.isEmpty()) {
            return OptionalLong.of(returned.first());
        }
        return next < end ? OptionalLong.of(next) : OptionalLong.empty();
    }

    void take(long offset) {
        if (!returned.remove(offset)) {
            next = offset + 1;
        }
        inFlight.add(offset);
    }

    void settle(long offset) {
        inFlight.remove(offset);
    }

    void giveBack(long offset) {
        if (inFlight.remove(offset)) {
            returned.add(offset);
        }
    }

    List<Long> unsettled(long end) {
        TreeSet<Long> all = new TreeSet<>(inFlight);
        all.addAll(returned);
        for (long offset = next; offset < end; offset++) {
            all.add(offset);
        }
        return new ArrayList<>(all);
    }

    boolean tryTail() {
        if (tailed) {
            return false;
        }
        tailed = true;
        return true;
    }

    void endTail() {
        tailed = false;
    }
}
