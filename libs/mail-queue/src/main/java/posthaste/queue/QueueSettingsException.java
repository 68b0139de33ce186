package posthaste.queue;

/** Topics or broker promise less than configured; the message is one sentence for the operator. */
public final class QueueSettingsException extends RuntimeException {
    public QueueSettingsException(String message) {
        super(message);
    }
}
