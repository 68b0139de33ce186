package posthaste.bounce.audit;

/** A mail is not unaccounted, or cannot be judged; the message is a sentence for people. */
public final class NotUnaccountedException extends Exception {
    public NotUnaccountedException(String message) {
        super(message);
    }
}
