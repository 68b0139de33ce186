package posthaste.ingest.policy.check;

import java.util.List;
import posthaste.ingest.policy.AddressPattern;

/**
 * What is asked of recipients.
 *
 * @param allow to whom mail may go; to anyone, when empty
 * @param block to whom it may not, even if allowed
 * @param refuseReserved whether domains that can never be (RFC 2606, 6761, 7686) are refused
 */
public record RecipientChecks(
        List<AddressPattern> allow, List<AddressPattern> block, boolean refuseReserved) {
    public static final RecipientChecks NONE = new RecipientChecks(List.of(), List.of(), false);

    public RecipientChecks {
        allow = List.copyOf(allow);
        block = List.copyOf(block);
    }
}
