package posthaste.ingest.accept;

import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;

/** A mail whose body is durable, and which nobody knows of yet. */
public record StoredMail(EncodedEnvelope envelope, BodyRef body, Deadline deadline) {}
