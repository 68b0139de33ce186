package posthaste.body;

/**
 * The store, not the mail, is at fault: nothing is to be counted against the mail (invariant 9).
 */
public final class StoreUnavailableException extends Exception {
    public StoreUnavailableException(String message) {
        super(message);
    }

    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
