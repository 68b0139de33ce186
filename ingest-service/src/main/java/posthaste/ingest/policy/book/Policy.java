package posthaste.ingest.policy.book;

import java.util.List;
import posthaste.ingest.policy.check.DnsLists;
import posthaste.ingest.policy.check.HeloChecks;
import posthaste.ingest.policy.check.RecipientChecks;
import posthaste.ingest.policy.check.SenderChecks;
import posthaste.ingest.policy.dns.DnsSettings;
import posthaste.ingest.policy.rate.LimitRule;
import posthaste.ingest.policy.relay.RelayRules;
import posthaste.ingest.policy.stress.StressSettings;

/** All that the policy file says. */
public record Policy(
        RelayRules relay,
        List<LimitRule> limits,
        SenderChecks senders,
        RecipientChecks recipients,
        HeloChecks helo,
        DnsSettings dns,
        DnsLists dnsLists,
        StressSettings stress) {

    /** Without a file: the trusted relay anywhere, others nowhere, and nothing is looked up. */
    public static final Policy DEFAULT =
            new Policy(
                    RelayRules.DEFAULT,
                    List.of(),
                    SenderChecks.NONE,
                    RecipientChecks.NONE,
                    HeloChecks.NONE,
                    DnsSettings.DEFAULT,
                    DnsLists.NONE,
                    StressSettings.DEFAULT);

    public Policy {
        limits = List.copyOf(limits);
    }
}
