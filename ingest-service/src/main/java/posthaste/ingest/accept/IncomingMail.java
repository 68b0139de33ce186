package posthaste.ingest.accept;

import posthaste.ingest.submitter.Submitter;
import posthaste.mail.envelope.Envelope;

/**
 * A mail whose message is about to come.
 *
 * @param envelope without what only the message can tell
 * @param firstSubmission whether it comes from its author's program (RFC 6409), and not from
 *     another mail server: then what it lacks is added
 */
public record IncomingMail(
        Envelope envelope,
        Submitter submitter,
        Protocol protocol,
        boolean firstSubmission,
        MessageSource message) {

    /** The same, its message read by another. */
    public IncomingMail readBy(MessageSource reader) {
        return new IncomingMail(envelope, submitter, protocol, firstSubmission, reader);
    }
}
