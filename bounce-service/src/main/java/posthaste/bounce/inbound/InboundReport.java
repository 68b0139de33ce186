package posthaste.bounce.inbound;

import java.util.List;
import java.util.Optional;

/**
 * What a mail that came back tells.
 *
 * @param recipients one for each recipient of whom it tells; none for an ordinary mail
 * @param originalMessageId Message-ID of the mail that it is about, with its brackets
 * @param originalEnvelopeId ENVID of that mail (RFC 3461 section 4.4)
 */
public record InboundReport(
        List<ReportedRecipient> recipients,
        Optional<String> originalMessageId,
        Optional<String> originalEnvelopeId) {
    public InboundReport {
        recipients = List.copyOf(recipients);
    }
}
