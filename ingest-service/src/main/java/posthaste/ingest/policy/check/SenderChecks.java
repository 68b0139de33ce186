package posthaste.ingest.policy.check;

import java.util.List;
import posthaste.ingest.policy.AddressPattern;

/**
 * What is asked of senders.
 *
 * @param allow whose mail nothing below is asked of
 * @param block whose mail is not taken
 * @param domainExists whose sender domain must be able to take mail
 * @param onDnsFailure when that cannot be told
 */
public record SenderChecks(
        List<AddressPattern> allow,
        List<AddressPattern> block,
        Whose domainExists,
        DnsFailure onDnsFailure) {
    public static final SenderChecks NONE =
            new SenderChecks(List.of(), List.of(), Whose.NOBODY, DnsFailure.PASS);

    public SenderChecks {
        allow = List.copyOf(allow);
        block = List.copyOf(block);
    }
}
