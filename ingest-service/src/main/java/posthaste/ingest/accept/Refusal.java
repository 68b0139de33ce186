package posthaste.ingest.accept;

import posthaste.mail.status.Reply;

/**
 * A mail is not accepted, and this is what the client is told. Unchecked, since it passes through
 * whatever reads a message; without a stack trace, since it is no error of ours.
 */
public final class Refusal extends RuntimeException {
    private final transient Reply reply;

    public Refusal(int code, String text) {
        this(new Reply(code, text));
    }

    public Refusal(Reply reply) {
        super(reply.toString(), null, false, false);
        this.reply = reply;
    }

    /** No memory for the body (DESIGN 3, invariant 5). */
    static Refusal noMemory() {
        return new Refusal(452, "4.3.1 no memory for the message now, try again later");
    }

    /** The disk is at its floor. */
    public static Refusal noSpace() {
        return new Refusal(452, "4.3.1 not enough storage now, try again later");
    }

    /** The store or the broker refuses, and nothing was accepted (DESIGN 3, invariant 1). */
    public static Refusal notAccepted() {
        return new Refusal(451, "4.3.0 the mail cannot be queued now, try again later");
    }

    /** At the deadline it was not known whether the mail is in the queue. */
    static Refusal outcomeUnknown() {
        return new Refusal(451, "4.3.2 outcome unknown, try again later");
    }

    public Reply reply() {
        return reply;
    }
}
