package posthaste.ingest.content;

import posthaste.mail.envelope.Envelope;

/** A mail as scanners get it: its envelope, and its message as it will be relayed. */
public record ScannedMail(Envelope envelope, MessageBytes message) {}
