package posthaste.ingest.accept;

import posthaste.ingest.submitter.Submitter;
import posthaste.mail.envelope.Envelope;

/**
 * A mail whose message is about to come.
 *
 * @param envelope without a message id header yet
 */
public record IncomingMail(
        Envelope envelope, Submitter submitter, Protocol protocol, MessageSource message) {}
