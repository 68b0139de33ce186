package posthaste.bounce.rest;

/** Nobody has heard of a mail, or it has been let go. */
public final class UnknownMailException extends Exception {
    UnknownMailException(String sentence) {
        super(sentence);
    }

    UnknownMailException() {
        super(
                "The delivery log has no mail of this id: it was never accepted here, its day is past"
                        + " the retention, or it was accepted a moment ago.");
    }
}
