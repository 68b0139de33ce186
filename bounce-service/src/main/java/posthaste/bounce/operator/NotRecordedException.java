package posthaste.bounce.operator;

/** What was wanted could not be recorded, so it must not be done; the message is for people. */
public final class NotRecordedException extends Exception {
    NotRecordedException(Throwable cause) {
        super(
                "Nothing was done: who does what is recorded first, and the database for that is"
                        + " away. Mail is accepted and delivered all the same.",
                cause);
    }
}
