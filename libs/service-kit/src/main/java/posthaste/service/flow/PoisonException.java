package posthaste.service.flow;

/**
 * Thrown by a step for a record that can never be handled; the gateway makes it {@link
 * posthaste.queue.Settlement.Poison} (DESIGN 3, invariant 10).
 */
public final class PoisonException extends Exception {
    public PoisonException(String reason) {
        super(reason);
    }

    public PoisonException(Exception cause) {
        super(cause.getMessage(), cause);
    }
}
