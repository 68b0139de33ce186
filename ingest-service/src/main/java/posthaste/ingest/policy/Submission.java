package posthaste.ingest.policy;

import java.util.List;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.Recipient;

/**
 * A mail as far as it is known.
 *
 * @param declaredOctets by SIZE (RFC 1870); 0 when not declared
 * @param recipients those accepted so far
 */
public record Submission(
        Submitter submitter,
        ReversePath reversePath,
        long declaredOctets,
        List<Recipient> recipients) {}
