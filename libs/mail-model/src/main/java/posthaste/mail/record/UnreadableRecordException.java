package posthaste.mail.record;

/** A record that no version of ours wrote: poison (DESIGN 3, invariant 10). */
public final class UnreadableRecordException extends Exception {
    public UnreadableRecordException(String message, Throwable cause) {
        super(message, cause);
    }

    public UnreadableRecordException(String message) {
        super(message);
    }
}
