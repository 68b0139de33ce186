package posthaste.outbound.destination;

import org.jspecify.annotations.Nullable;
import posthaste.outbound.destination.Admission.Admitted;

/** A job in the hands of a destination, from its arrival until it is closed. */
public final class Visit implements AutoCloseable {
    private final Destination destination;
    private final Lane lane;
    private final Runnable leave;
    private @Nullable Slot slot;

    Visit(Destination destination, Lane lane, Runnable leave) {
        this.destination = destination;
        this.lane = lane;
        this.leave = leave;
    }

    /**
     * Waits for a slot, if waiting makes sense.
     *
     * @param deadline of {@link System#nanoTime}
     */
    public Admission admit(long deadline) throws InterruptedException {
        Admission admission = destination.admit(lane, deadline);
        if (admission instanceof Admitted(Slot admitted)) {
            slot = admitted;
        }
        return admission;
    }

    /** Leaves; a slot that is still open is given back, with nothing learned. */
    @Override
    public void close() {
        if (slot != null) {
            slot.end(Contact.NONE);
        }
        leave.run();
    }
}
