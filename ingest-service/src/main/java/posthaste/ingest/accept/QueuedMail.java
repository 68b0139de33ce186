package posthaste.ingest.accept;

import posthaste.mail.envelope.MailId;

/**
 * A mail that is ours now.
 *
 * @param octets of its body, our Received field included
 */
public record QueuedMail(MailId id, long octets, Deadline deadline) {}
