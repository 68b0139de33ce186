package posthaste.outbound.routing;

import java.util.Map;
import java.util.Optional;

/** The configured routes: exact domain, then the longest wildcard, then {@code *}, then MX. */
public final class RoutingTable {
    private final Optional<NextHop> relayTo;
    private final DomainPatterns<NextHop> routes;

    /**
     * Reads the patterns.
     *
     * @throws IllegalArgumentException when one is neither a domain, nor {@code *.domain}, nor
     *     {@code *}
     */
    public RoutingTable(Optional<NextHop> relayTo, Map<String, NextHop> routes) {
        this.relayTo = relayTo;
        this.routes = new DomainPatterns<>(routes);
    }

    /**
     * The way of a domain's mail.
     *
     * @param domain in A-labels, lower case, or an address literal
     */
    public Route route(String domain) {
        Optional<NextHop> configured = relayTo.or(() -> routes.find(domain));
        if (configured.isPresent()) {
            return new Route.ToNextHop(configured.get());
        }
        return domain.startsWith("[") ? new Route.ToLiteral(domain) : new Route.ByMx(domain);
    }
}
