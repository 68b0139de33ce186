package posthaste.bounce.web;

/** The address leads to nothing. */
final class NoSuchPageException extends Exception {
    NoSuchPageException() {
        super(
                "There is no mail of this id in the delivery log. It was never accepted here, its day"
                        + " is past the retention, or it was accepted a moment ago: then try again.");
    }
}
