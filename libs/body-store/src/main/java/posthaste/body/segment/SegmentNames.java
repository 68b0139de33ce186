package posthaste.body.segment;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import posthaste.body.Generation;

/** New keys; several processes may share a place, so names carry a random mark of the process. */
public final class SegmentNames {
    private final InstantSource clock;
    private final Duration slot;
    private final String process = RandomNames.next(10);
    private final AtomicLong last = new AtomicLong();

    /** For slots of this length. */
    public SegmentNames(InstantSource clock, Duration slot) {
        this.clock = clock;
        this.slot = slot;
    }

    /** Whether nothing new can belong to a slot. */
    public boolean isPast(Slot of) {
        return of.isPast(clock.instant(), slot);
    }

    /**
     * Whether a key of a slot is too old for a body that is committed now: its slot had ended a
     * slot's length ago.
     */
    public boolean isStale(Slot of) {
        return of.isPast(clock.instant().minus(slot), slot);
    }

    /** The one that new keys belong to. */
    public Slot currentSlot() {
        return Slot.of(clock.instant(), slot);
    }

    /** A key that nobody has had before. */
    public BodyKey next(Generation generation, String place) {
        return new BodyKey(generation, currentSlot(), nextName(), place);
    }

    /** Likewise a name alone. */
    public String nextName() {
        return process + '-' + Long.toString(last.incrementAndGet(), Character.MAX_RADIX);
    }
}
