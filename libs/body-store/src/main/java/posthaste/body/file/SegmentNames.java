package posthaste.body.file;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import posthaste.body.Generation;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.Slot;

/** New keys; several processes may share a folder, so names carry a random mark of the process. */
final class SegmentNames {
    private final InstantSource clock;
    private final Duration slot;
    private final String process = RandomNames.next(10);
    private final AtomicLong last = new AtomicLong();

    SegmentNames(InstantSource clock, Duration slot) {
        this.clock = clock;
        this.slot = slot;
    }

    /** Whether nothing new can belong to a slot. */
    boolean isPast(Slot of) {
        return of.isPast(clock.instant(), slot);
    }

    Slot currentSlot() {
        return Slot.of(clock.instant(), slot);
    }

    BodyKey next(Generation generation, Folder folder) {
        return new BodyKey(generation, currentSlot(), nextName(), folder.id());
    }

    String nextName() {
        return process + '-' + Long.toString(last.incrementAndGet(), Character.MAX_RADIX);
    }
}
