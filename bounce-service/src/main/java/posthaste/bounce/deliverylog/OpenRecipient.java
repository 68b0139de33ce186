package posthaste.bounce.deliverylog;

import java.time.Instant;

/**
 * A recipient who was accepted and has no outcome yet.
 *
 * @param acceptedIn the hour
 * @param promisedAt when the next event is due
 * @param awaited what is to happen next
 */
public record OpenRecipient(
        String mailId, String address, Instant acceptedIn, Instant promisedAt, Awaited awaited) {

    /** What a recipient waits for, and so who owes it. */
    public enum Awaited {
        /** Of delivery-service; nothing has happened yet. */
        FIRST_ATTEMPT,
        /** Of fallback-service. */
        NEXT_ATTEMPT,
        /** Of bounce-service: it was refused or has expired, and its sender is to be told. */
        BOUNCE
    }
}
