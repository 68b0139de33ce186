package posthaste.mail.envelope;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import posthaste.mail.address.ReversePath;

/**
 * A mail without its message: what was said before DATA, and by whom.
 *
 * @param id names the mail and bears the time of acceptance
 * @param recipients at least one, none twice
 * @param envid RFC 3461 section 4.4, decoded
 * @param messageId the Message-ID field as it stands in the header, for the search
 * @param handling what is out of the ordinary about its way
 * @param addedFields header fields that stand above the body as it is stored, each with its CRLF:
 *     those that only the whole message could tell, as a signature; empty when there are none. What
 *     is relayed is these, then the body
 */
public record Envelope(
        MailId id,
        Stream stream,
        ReversePath reversePath,
        List<Recipient> recipients,
        Ret ret,
        Optional<String> envid,
        BodyType bodyType,
        boolean smtpUtf8,
        Client client,
        Optional<String> messageId,
        Handling handling,
        String addedFields) {
    public Envelope {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("an envelope has at least one recipient");
        }
    }

    /** A mail with nothing out of the ordinary. */
    public Envelope(
            MailId id,
            Stream stream,
            ReversePath reversePath,
            List<Recipient> recipients,
            Ret ret,
            Optional<String> envid,
            BodyType bodyType,
            boolean smtpUtf8,
            Client client,
            Optional<String> messageId) {
        this(
                id,
                stream,
                reversePath,
                recipients,
                ret,
                envid,
                bodyType,
                smtpUtf8,
                client,
                messageId,
                Handling.ORDINARY,
                "");
    }

    public Instant acceptedAt() {
        return id.acceptedAt();
    }

    /** The same mail for some of its recipients. */
    public Envelope to(List<Recipient> some) {
        return with(stream, some, messageId, handling, addedFields);
    }

    /** The same mail in another stream. */
    public Envelope in(Stream other) {
        return with(other, recipients, messageId, handling, addedFields);
    }

    /** The same mail, to be carried another way. */
    public Envelope handled(Handling other) {
        return with(stream, recipients, messageId, other, addedFields);
    }

    /**
     * The same mail, with what its message has told.
     *
     * @param messageIdField its Message-ID field
     * @param fields to stand above the body as it is stored
     */
    public Envelope withMessage(Optional<String> messageIdField, String fields) {
        return with(stream, recipients, messageIdField, handling, fields);
    }

    /** The same mail with another reverse-path. */
    public Envelope returningTo(ReversePath other) {
        return new Envelope(
                id,
                stream,
                other,
                recipients,
                ret,
                envid,
                bodyType,
                smtpUtf8,
                client,
                messageId,
                handling,
                addedFields);
    }

    private Envelope with(
            Stream otherStream,
            List<Recipient> otherRecipients,
            Optional<String> otherMessageId,
            Handling otherHandling,
            String otherFields) {
        return new Envelope(
                id,
                otherStream,
                reversePath,
                otherRecipients,
                ret,
                envid,
                bodyType,
                smtpUtf8,
                client,
                otherMessageId,
                otherHandling,
                otherFields);
    }
}
