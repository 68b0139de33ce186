package posthaste.ingest.policy.rate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import posthaste.ingest.policy.AddressPattern;
import posthaste.ingest.policy.Network;

/**
 * A limit: on whose account, for whom, how much.
 *
 * @param name told to clients and in logs; no two rules have the same
 * @param per whose share is counted
 * @param of for whom it holds; all, when nobody is named
 * @param except for whom not
 * @param rates all of them hold
 * @param concurrentSessions on one instance
 * @param recipientsPerMail more get 452
 */
public record LimitRule(
        String name,
        Per per,
        Whom of,
        Whom except,
        Map<Measure, List<Rate>> rates,
        OptionalInt concurrentSessions,
        OptionalInt recipientsPerMail) {

    /**
     * Parties by name.
     *
     * @param logins by name
     * @param networks of addresses
     * @param domains of senders
     */
    public record Whom(Set<String> logins, List<Network> networks, List<AddressPattern> domains) {
        public static final Whom NOBODY = new Whom(Set.of(), List.of(), List.of());

        public Whom {
            logins = Set.copyOf(logins);
            networks = List.copyOf(networks);
            domains = List.copyOf(domains);
        }

        boolean isNobody() {
            return logins.isEmpty() && networks.isEmpty() && domains.isEmpty();
        }

        boolean has(Party party) {
            return party.login().filter(logins::contains).isPresent()
                    || networks.stream().anyMatch(network -> network.contains(party.address()))
                    || party.senderDomain()
                            .filter(name -> domains.stream().anyMatch(d -> d.matchesDomain(name)))
                            .isPresent();
        }
    }

    public LimitRule {
        rates = Map.copyOf(rates);
    }

    /** The account that a party has by this rule; none when it does not hold for it. */
    Optional<String> account(Party party) {
        return (of.isNobody() || of.has(party)) && !except.has(party)
                ? party.name(per)
                : Optional.empty();
    }
}
