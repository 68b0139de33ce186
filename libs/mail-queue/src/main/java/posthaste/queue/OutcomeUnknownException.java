package posthaste.queue;

/** At the deadline it was not known whether a record was written (DESIGN 3, invariant 1). */
public final class OutcomeUnknownException extends Exception {
    public OutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }

    public OutcomeUnknownException(String message) {
        super(message);
    }
}
