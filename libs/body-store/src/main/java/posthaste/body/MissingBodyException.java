package posthaste.body;

import posthaste.mail.record.BodyRef;

/** A body is confirmed not to be there: poison (DESIGN 3, invariant 10). */
public final class MissingBodyException extends Exception {
    public MissingBodyException(BodyRef ref) {
        super("no body at " + ref);
    }

    /** A whole object is not there. */
    public MissingBodyException(String key) {
        super("no object " + key);
    }
}
