package posthaste.bounce.inbound.parse;

import java.util.List;

/**
 * What a mail that came back holds.
 *
 * @param findings one for each recipient of whom it tells; none for an ordinary mail
 * @param originalMessageId Message-ID of the mail that it is about, with its brackets, or empty
 * @param originalEnvelopeId ENVID of that mail (RFC 3461), or empty
 */
public record ParsedMail(
        List<Finding> findings, String originalMessageId, String originalEnvelopeId) {
    public ParsedMail {
        findings = List.copyOf(findings);
    }
}
