package posthaste.outbound.destination;

import java.time.Duration;

/** Whether a job may try its destination now. */
public sealed interface Admission {

    /** It may; the slot has to be given back. */
    record Admitted(Slot slot) implements Admission {}

    /**
     * It may not.
     *
     * @param retryAfter estimated time until it makes sense
     * @param reason one plain sentence
     */
    record HeldBack(Duration retryAfter, String reason) implements Admission {}
}
