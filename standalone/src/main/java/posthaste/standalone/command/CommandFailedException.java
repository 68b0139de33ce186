package posthaste.standalone.command;

/** It could not be done; the message is one sentence that says what to do. */
public final class CommandFailedException extends Exception {
    public CommandFailedException(String sentence) {
        super(sentence);
    }

    public CommandFailedException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
