package posthaste.queue;

/** One of our own parts (store, resolver, database) fails; the queue pauses and tries again. */
public final class PartUnavailableException extends Exception {
    public PartUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    public PartUnavailableException(String message) {
        super(message);
    }
}
