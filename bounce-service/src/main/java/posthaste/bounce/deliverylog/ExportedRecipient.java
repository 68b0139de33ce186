package posthaste.bounce.deliverylog;

import java.time.Instant;
import java.util.Optional;

/**
 * One recipient of one mail, as an export has it.
 *
 * @param mailId as in the {@code 250}
 * @param sender the reverse-path; empty: null, like all of the mail's fields while its acceptance
 *     has not been read
 * @param messageId the header field
 * @param state as in {@link RecipientStanding}
 * @param since when the leading event happened, or the acceptance
 * @param reply the remote server's, code included
 * @param bounceClass empty where nothing was refused
 * @param hard whether the address itself is at fault
 */
public record ExportedRecipient(
        String mailId,
        Instant acceptedAt,
        String stream,
        String sender,
        Optional<String> messageId,
        long size,
        String clientAddress,
        String recipient,
        String domain,
        String state,
        Instant since,
        int attempts,
        String enhancedCode,
        Optional<String> reply,
        Optional<String> bounceClass,
        boolean hard,
        String reason,
        String remoteHost,
        String tls) {}
