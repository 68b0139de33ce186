package posthaste.mail.envelope;

import java.time.Instant;

/** Where a mail goes once it is accepted; decided at its acceptance. */
public sealed interface FirstStop {

    /** The ordinary case: the primary fleet tries it at once. */
    record Attempt() implements FirstStop {}

    /** The first delay tier: another relay could not deliver it, so there is no hurry. */
    record Fallback() implements FirstStop {}

    /**
     * The delay tiers until its time has come (RFC 4865).
     *
     * @param until not attempted before
     */
    record Hold(Instant until) implements FirstStop {}

    /**
     * Quarantine, until an operator releases or removes it.
     *
     * @param reason one line for the operator
     */
    record Quarantine(String reason) implements FirstStop {}
}
