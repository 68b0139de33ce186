package posthaste.bounce.rest;

/** The log has never heard of a mail, or has let go of it. */
final class UnknownMailException extends Exception {
    UnknownMailException() {
        super(
                "The delivery log has no mail of this id: it was never accepted here, its day is past"
                        + " the retention, or it was accepted a moment ago.");
    }
}
