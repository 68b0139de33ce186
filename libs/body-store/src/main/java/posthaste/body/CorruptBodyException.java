package posthaste.body;

import posthaste.mail.record.BodyRef;

/** A body was read twice and both times was not what had been written: poison. */
public final class CorruptBodyException extends Exception {
    public CorruptBodyException(BodyRef ref, String what) {
        super("the body at " + ref + " is damaged: " + what);
    }
}
