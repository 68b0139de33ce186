package posthaste.ingest.policy.relay;

import java.util.List;
import java.util.Map;
import posthaste.ingest.policy.AddressPattern;
import posthaste.mail.address.EmailAddress;

/**
 * Who may have mail relayed, for each listener.
 *
 * @param usual on every listener that has no rights of its own
 * @param listeners by name, those that have
 * @param domains to which anyone may send: for these we take mail in
 */
public record RelayRules(
        RelayRights usual, Map<String, RelayRights> listeners, List<AddressPattern> domains) {
    /** Ways to say in a local part where else a mail is to go (RFC 5321 appendix F.2 and older). */
    private static final String ROUTING = "%!@:";

    public static final RelayRules DEFAULT =
            new RelayRules(RelayRights.DEFAULT, Map.of(), List.of());

    public RelayRules {
        listeners = Map.copyOf(listeners);
        domains = List.copyOf(domains);
    }

    public RelayRights of(String listener) {
        return listeners.getOrDefault(listener, usual);
    }

    /** Whether anyone may send to this recipient. */
    public boolean takeIn(EmailAddress recipient) {
        return domains.stream().anyMatch(domain -> domain.test(recipient))
                && !routesOn(recipient.localPart());
    }

    /** We don't read such a local part as a route, but a host behind us may. */
    private static boolean routesOn(String localPart) {
        return localPart.chars().anyMatch(c -> ROUTING.indexOf(c) >= 0);
    }
}
