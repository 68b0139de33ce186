package posthaste.bounce.deliverylog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A mail as the log knows it.
 *
 * @param id as in the {@code 250}
 * @param envelope empty while only events of it have been read, and not its acceptance
 * @param recipientCount of the whole mail
 * @param recipients some or all of them: those that were searched for come first
 */
public record LoggedMail(
        String id,
        Instant acceptedAt,
        Optional<LoggedEnvelope> envelope,
        int recipientCount,
        List<RecipientStanding> recipients) {

    /**
     * What was accepted.
     *
     * @param sender the reverse-path; empty when it is null
     * @param messageId the header field Message-ID
     * @param envid RFC 3461
     * @param size octets as stored
     */
    public record LoggedEnvelope(
            String sender,
            String stream,
            String clientAddress,
            String clientHelo,
            Optional<String> clientLogin,
            Optional<String> messageId,
            Optional<String> envid,
            long size) {}

    public LoggedMail {
        recipients = List.copyOf(recipients);
    }
}
