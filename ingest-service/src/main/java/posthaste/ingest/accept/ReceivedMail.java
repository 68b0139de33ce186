package posthaste.ingest.accept;

import posthaste.body.BodyWriter;
import posthaste.mail.record.EncodedEnvelope;

/**
 * A mail that has come in whole and is not durable yet.
 *
 * @param body holds memory: whoever gets this closes it
 * @param deadline of the reply to the final dot
 */
public record ReceivedMail(EncodedEnvelope envelope, BodyWriter body, Deadline deadline) {}
