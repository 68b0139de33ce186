package posthaste.outbound.routing;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The configured routes: exact domain, then the longest wildcard, then {@code *}, then MX. */
public final class RoutingTable {
    private static final Pattern DOMAIN =
            Pattern.compile(
                    "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*");

    private final Optional<NextHop> relayTo;
    private final Map<String, NextHop> exact = new HashMap<>();
    private final Map<String, NextHop> bySuffix = new HashMap<>();
    private final @Nullable NextHop everythingElse;

    /**
     * Reads the patterns.
     *
     * @throws IllegalArgumentException when one is neither a domain, nor {@code *.domain}, nor
     *     {@code *}
     */
    public RoutingTable(Optional<NextHop> relayTo, Map<String, NextHop> routes) {
        this.relayTo = relayTo;
        NextHop rest = null;
        for (Map.Entry<String, NextHop> route : routes.entrySet()) {
            String pattern = route.getKey().toLowerCase(Locale.ROOT);
            if (pattern.equals("*")) {
                rest = route.getValue();
            } else if (pattern.startsWith("*.") && DOMAIN.matcher(pattern.substring(2)).matches()) {
                bySuffix.put(pattern.substring(2), route.getValue());
            } else if (DOMAIN.matcher(pattern).matches()) {
                exact.put(pattern, route.getValue());
            } else {
                throw new IllegalArgumentException(
                        "a route is for example.org, *.example.org or *, not: " + route.getKey());
            }
        }
        this.everythingElse = rest;
    }

    /**
     * The way of a domain's mail.
     *
     * @param domain in A-labels, lower case, or an address literal
     */
    public Route route(String domain) {
        NextHop configured = relayTo.orElseGet(() -> configuredFor(domain));
        if (configured != null) {
            return new Route.ToNextHop(configured);
        }
        return domain.startsWith("[") ? new Route.ToLiteral(domain) : new Route.ByMx(domain);
    }

    private @Nullable NextHop configuredFor(String domain) {
        NextHop found = exact.get(domain);
        String rest = domain;
        int dot;
        while (found == null && (dot = rest.indexOf('.')) >= 0) {
            rest = rest.substring(dot + 1);
            found = bySuffix.get(rest);
        }
        return found != null ? found : everythingElse;
    }
}
