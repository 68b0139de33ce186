package posthaste.queue;

/** The broker, not the mail, is at fault, and nothing was written. */
public final class QueueUnavailableException extends Exception {
    public QueueUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    public QueueUnavailableException(String message) {
        super(message);
    }
}
