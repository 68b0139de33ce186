package posthaste.ingest.policy.relay;

import java.util.List;
import java.util.Optional;
import posthaste.ingest.policy.Network;
import posthaste.ingest.submitter.Submitter;
import posthaste.ingest.submitter.TlsFacts;

/**
 * Who may have mail relayed to anywhere; one of the three is enough. They are <em>trusted</em>:
 * what keeps strangers off is not asked of them.
 *
 * @param networks empty: those of the listener's configuration
 * @param logins who has logged in
 * @param certificates shown by the client
 */
public record RelayRights(
        Optional<List<Network>> networks, LoginRule logins, List<CertificateRule> certificates) {

    /** As long as nothing else is said. */
    public static final RelayRights DEFAULT =
            new RelayRights(Optional.empty(), LoginRule.ALL, List.of());

    public RelayRights {
        networks = networks.map(List::copyOf);
        certificates = List.copyOf(certificates);
    }

    /**
     * Whether a submitter is among them.
     *
     * @param configured the listener's trusted networks
     */
    public boolean include(Submitter submitter, List<Network> configured) {
        return networks.orElse(configured).stream()
                        .anyMatch(network -> network.contains(submitter.address()))
                || submitter.login().filter(logins::means).isPresent()
                || submitter
                        .tls()
                        .flatMap(TlsFacts::certificate)
                        .filter(shown -> certificates.stream().anyMatch(rule -> rule.test(shown)))
                        .isPresent();
    }
}
