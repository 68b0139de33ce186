package posthaste.ingest.policy.assembly;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import posthaste.ingest.policy.AllPolicies;
import posthaste.ingest.policy.Network;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.policy.ToldPolicy;
import posthaste.ingest.policy.book.Policy;
import posthaste.ingest.policy.check.DnsListPolicy;
import posthaste.ingest.policy.check.HeloPolicy;
import posthaste.ingest.policy.check.ListPolicy;
import posthaste.ingest.policy.check.SenderDomainPolicy;
import posthaste.ingest.policy.dns.PolicyDns;
import posthaste.ingest.policy.rate.Quotas;
import posthaste.ingest.policy.rate.RatePolicy;
import posthaste.ingest.policy.relay.RelayRightsPolicy;
import posthaste.ingest.policy.stress.Stress;
import posthaste.ingest.policy.stress.StressPolicy;
import posthaste.ingest.submitter.Submitter;

/**
 * The policies of a listener in the order in which they are asked: what costs nothing first, who
 * has no rights before anything is looked up for him, DNS last. The first refusal stands.
 */
public final class ListenerPolicies {
    private final Supplier<Policy> policy;
    private final Quotas quotas;
    private final PolicyDns dns;
    private final Stress stress;
    private final MeterRegistry registry;

    public ListenerPolicies(
            Supplier<Policy> policy,
            Quotas quotas,
            PolicyDns dns,
            Stress stress,
            MeterRegistry registry) {
        this.policy = policy;
        this.quotas = quotas;
        this.dns = dns;
        this.stress = stress;
        this.registry = registry;
    }

    /**
     * Puts them together.
     *
     * @param hostName as the listener greets
     * @param trusted networks of the listener's configuration
     * @param forLogins whether its clients may log in
     * @param others of other parts, asked after what is local and before DNS
     */
    public SubmissionPolicy of(
            String hostName,
            List<Network> trusted,
            boolean forLogins,
            List<SubmissionPolicy> others) {
        RelayRightsPolicy relay = new RelayRightsPolicy(() -> policy.get().relay(), trusted);
        Predicate<Submitter> isTrusted = relay::isTrusted;
        Stream<SubmissionPolicy> local =
                Stream.of(
                        told("stress", new StressPolicy(stress, isTrusted, forLogins)),
                        told("relay", relay),
                        told(
                                "lists",
                                new ListPolicy(
                                        () -> policy.get().senders(),
                                        () -> policy.get().recipients())),
                        told("limits", new RatePolicy(quotas)));
        Stream<SubmissionPolicy> network =
                Stream.of(
                        told(
                                "helo",
                                new HeloPolicy(
                                        () -> policy.get().helo(), isTrusted, hostName, dns)),
                        told(
                                "sender-domain",
                                new SenderDomainPolicy(
                                        () -> policy.get().senders(), isTrusted, dns)),
                        told(
                                "dns-lists",
                                new DnsListPolicy(
                                        () -> policy.get().dnsLists(),
                                        () -> policy.get().senders(),
                                        isTrusted,
                                        dns,
                                        System::nanoTime)));
        return new AllPolicies(
                Stream.of(local, others.stream(), network).flatMap(some -> some).toList());
    }

    private SubmissionPolicy told(String name, SubmissionPolicy decides) {
        return new ToldPolicy(name, decides, registry);
    }
}
