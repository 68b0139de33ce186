package posthaste.bounce.inbound;

import java.util.Optional;
import posthaste.bounce.inbound.parse.ReportKind;
import posthaste.bounce.inbound.rules.BounceClass;

/**
 * What a mail that came back tells of one recipient.
 *
 * @param recipient as it was written; not every complaint names one
 * @param hard whether nothing more should be sent to the address
 * @param status enhanced status code (RFC 3463)
 * @param reply what the server or program said, on one line
 */
public record ReportedRecipient(
        Optional<String> recipient,
        ReportKind kind,
        BounceClass bounceClass,
        boolean hard,
        Optional<String> status,
        String reply) {}
