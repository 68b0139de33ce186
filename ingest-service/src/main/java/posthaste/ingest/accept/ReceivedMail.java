package posthaste.ingest.accept;

import java.util.Optional;
import posthaste.body.BodyWriter;
import posthaste.ingest.dkim.Signing;
import posthaste.ingest.message.MessageHeader;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.envelope.Envelope;

/**
 * A mail that has come in whole and is not durable yet. Steps between this and {@link StoreBody}
 * may change the envelope: its stream, its handling, the fields that are added.
 *
 * @param header as it was submitted, without what is not relayed
 * @param signing knows the body already; empty when the mail is not to be signed
 * @param body holds memory, that of the header too: whoever gets this closes it
 * @param deadline of the reply to the final dot
 */
public record ReceivedMail(
        Envelope envelope,
        Submitter submitter,
        MessageHeader header,
        Optional<Signing> signing,
        BodyWriter body,
        Deadline deadline) {

    /** The same mail with another envelope. */
    public ReceivedMail with(Envelope other) {
        return new ReceivedMail(other, submitter, header, signing, body, deadline);
    }

    /**
     * The same mail with further fields on top of those that are added already.
     *
     * @param fields each with its CRLF
     */
    public ReceivedMail adding(String fields) {
        return with(envelope.withMessage(envelope.messageId(), fields + envelope.addedFields()));
    }
}
