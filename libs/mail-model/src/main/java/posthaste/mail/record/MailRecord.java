package posthaste.mail.record;

import posthaste.mail.envelope.MailId;

/** What can stand on a topic. */
public sealed interface MailRecord permits Job, Split, Notice, Event, QuarantineOrder {
    /** The mail it is about. */
    MailId mailId();
}
