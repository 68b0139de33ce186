package posthaste.bounce.salvage;

/** A mail cannot be put back: its message is not stored any more. The message is for people. */
public final class MessageGoneException extends Exception {
    MessageGoneException(String message) {
        super(message);
    }
}
