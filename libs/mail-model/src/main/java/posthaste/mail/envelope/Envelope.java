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
        Optional<String> messageId) {
    public Envelope {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("an envelope has at least one recipient");
        }
    }

    public Instant acceptedAt() {
        return id.acceptedAt();
    }

    /** The same mail for some of its recipients. */
    public Envelope to(List<Recipient> some) {
        return new Envelope(
                id, stream, reversePath, some, ret, envid, bodyType, smtpUtf8, client, messageId);
    }
}
