package posthaste.ingest.policy;

import java.util.Optional;
import posthaste.ingest.message.MessageHeader;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.status.Reply;

/**
 * One thing that a submitter may or may not do, asked step by step as a mail comes in, by SMTP and
 * HTTP alike. A refusal is a reply with its enhanced status code and a sentence that helps; a 421
 * ends the session. Called by many sessions at once; never waits for a network peer longer than its
 * own short deadline.
 */
public interface SubmissionPolicy {

    /**
     * The same for one session, which may remember what was found out, for the session's next mail.
     * Whoever asks for it says when it has {@link #ended}.
     */
    default SubmissionPolicy session() {
        return this;
    }

    /** The session is over; said once, of what {@link #session} returned. */
    default void ended() {}

    /** How much less patience a submitter gets just now; asked often, and quick. */
    default Optional<Haste> haste(Submitter submitter) {
        return Optional.empty();
    }

    /** A client has connected; it has not been greeted. */
    default Optional<Reply> client(Submitter submitter) {
        return Optional.empty();
    }

    /** MAIL, or its like: the mail has no recipients yet. */
    default Optional<Reply> sender(Submission mail) {
        return Optional.empty();
    }

    /** RCPT: whether the mail may go to one recipient more. */
    default Optional<Reply> recipient(Submission mail, EmailAddress recipient) {
        return Optional.empty();
    }

    /**
     * The message has come in as far as its header goes; its recipients are all known. A refusal is
     * told after the end of the message.
     */
    default Optional<Reply> header(Submission mail, MessageHeader header) {
        return Optional.empty();
    }
}
