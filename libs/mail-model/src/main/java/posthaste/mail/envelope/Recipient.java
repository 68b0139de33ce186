package posthaste.mail.envelope;

import java.util.Optional;
import posthaste.mail.address.EmailAddress;

/**
 * One RCPT.
 *
 * @param address the forward-path
 * @param notification the NOTIFY parameter, RFC 3461 section 4.1
 * @param orcpt the original recipient, decoded, as {@code rfc822;user@example.org} (RFC 3461
 *     section 4.2)
 */
public record Recipient(EmailAddress address, Notify notification, Optional<String> orcpt) {
    public Recipient(EmailAddress address) {
        this(address, Notify.NOT_GIVEN, Optional.empty());
    }
}
