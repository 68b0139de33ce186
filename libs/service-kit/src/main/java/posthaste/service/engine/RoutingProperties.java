package posthaste.service.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.outbound.routing.DomainPatterns;
import posthaste.outbound.routing.Network;
import posthaste.outbound.routing.NextHop;
import posthaste.outbound.routing.RoutingSettings;
import posthaste.outbound.routing.RoutingTable;
import posthaste.outbound.tls.TlsPolicy;
import posthaste.service.settings.Setting;

/**
 * Where mail goes.
 *
 * @param relayTo a smart host, as {@code HOST:PORT}, that takes all mail; empty: each domain goes
 *     its own way
 * @param routes next hops by pattern: {@code example.org}, {@code *.example.org} (its subdomains)
 *     or {@code *} (all others); in files and options the pattern stands in brackets, as {@code
 *     routes[*.example.org]}. What no route takes goes by MX
 * @param dnsServers asked for MX and addresses, as {@code ADDRESS} or {@code ADDRESS:PORT}; empty:
 *     those of the system
 * @param dnsTimeout for one look-up with its repetitions
 * @param allowedNetworks private networks that DNS may send mail to; without it a record that
 *     points into one is refused, since it would let strangers reach our own machines
 * @param ownNames names of this relay beside {@code posthaste.outbound.helo}: an MX that points
 *     back at us ends in a bounce instead of a loop
 * @param ownAddresses IP addresses of this relay: likewise
 * @param maxAddresses tried in one attempt
 * @param dnssec whether the DNS servers prove what they say and nobody can come between (on this
 *     machine, as a rule): their AD bit is believed. Without it mail with REQUIRETLS goes by
 *     configured routes alone, since nothing else proves whose hosts a domain's MX are
 * @param tls how STARTTLS is used with the hosts of some domains, by patterns as in {@code routes}:
 *     {@code opportunistic}, {@code require} or {@code none}; else as {@code
 *     posthaste.outbound.tls}
 */
@ConfigurationProperties(prefix = "posthaste.routing", ignoreUnknownFields = false)
public record RoutingProperties(
        @DefaultValue("") String relayTo,
        @DefaultValue Map<String, String> routes,
        @DefaultValue List<String> dnsServers,
        @DefaultValue("5s") Duration dnsTimeout,
        @DefaultValue List<String> allowedNetworks,
        @DefaultValue List<String> ownNames,
        @DefaultValue List<String> ownAddresses,
        @DefaultValue("5") int maxAddresses,
        @DefaultValue("false") boolean dnssec,
        @DefaultValue Map<String, OutboundProperties.Tls> tls) {
    private static final String NEXT_HOP = "HOST:PORT, HOST or [IPV6-ADDRESS]:PORT";
    private static final int SMTP = 25;
    private static final int DNS = 53;

    public RoutingProperties {
        routes = Map.copyOf(routes);
        dnsServers = List.copyOf(dnsServers);
        allowedNetworks = List.copyOf(allowedNetworks);
        ownNames = List.copyOf(ownNames);
        ownAddresses = List.copyOf(ownAddresses);
        Setting.between("dns-timeout", dnsTimeout, Duration.ofMillis(10), Duration.ofMinutes(1));
        Setting.between("max-addresses", maxAddresses, 1, 100);
        smartHost(relayTo);
        table(routes);
        tls = Map.copyOf(tls);
        tls.forEach((pattern, each) ->
                Setting.read(
                        "tls[" + pattern + "]",
                        pattern,
                        p -> new DomainPatterns<>(Map.of(p, each)),
                        "a pattern like example.org, *.example.org or *"));
        resolvers(dnsServers);
        networks(allowedNetworks);
        addresses(ownAddresses);
    }

    /** As the engine takes it. */
    public RoutingSettings settings(OutboundProperties outbound) {
        Set<String> names = new LinkedHashSet<>(ownNames);
        names.add(outbound.heloName());
        return new RoutingSettings(
                smartHost(relayTo),
                nextHops(routes),
                resolvers(dnsServers),
                dnsTimeout,
                outbound.port(),
                networks(allowedNetworks),
                names,
                Set.copyOf(addresses(ownAddresses)),
                maxAddresses,
                dnssec,
                policies(tls));
    }

    private static Map<String, TlsPolicy> policies(Map<String, OutboundProperties.Tls> tls) {
        Map<String, TlsPolicy> policies = new LinkedHashMap<>();
        tls.forEach((pattern, each) -> policies.put(pattern, each.policy()));
        return policies;
    }

    private static Optional<NextHop> smartHost(String relayTo) {
        return relayTo.isBlank() ? Optional.empty() : Optional.of(nextHop("relay-to", relayTo));
    }

    private static NextHop nextHop(String component, String text) {
        return Setting.read(component, text, hop -> NextHop.parse(hop, SMTP), NEXT_HOP);
    }

    private static Map<String, NextHop> nextHops(Map<String, String> routes) {
        Map<String, NextHop> hops = new LinkedHashMap<>();
        routes.forEach((pattern, hop) -> hops.put(pattern, nextHop(component(pattern), hop)));
        return hops;
    }

    private static void table(Map<String, String> routes) {
        nextHops(routes)
                .forEach((pattern, hop) ->
                        Setting.read(
                                component(pattern),
                                pattern,
                                p -> new RoutingTable(Optional.empty(), Map.of(p, hop)),
                                "a route for example.org, *.example.org or *"));
    }

    private static String component(String pattern) {
        return "routes[" + pattern + "]";
    }

    private static List<InetSocketAddress> resolvers(List<String> servers) {
        return servers.stream()
                .map(server ->
                        Setting.read(
                                "dns-servers",
                                server,
                                RoutingProperties::resolver,
                                "a list of IP addresses, each with a port if it is not 53"))
                .toList();
    }

    private static InetSocketAddress resolver(String server) {
        NextHop place = NextHop.parse(server, DNS);
        return new InetSocketAddress(InetAddress.ofLiteral(place.host()), place.port());
    }

    private static List<Network> networks(List<String> networks) {
        return networks.stream()
                .map(network ->
                        Setting.read(
                                "allowed-networks",
                                network,
                                Network::parse,
                                "a list of networks, as 10.0.0.0/8"))
                .toList();
    }

    private static List<InetAddress> addresses(List<String> addresses) {
        return addresses.stream()
                .map(address ->
                        Setting.read(
                                "own-addresses",
                                address,
                                InetAddress::ofLiteral,
                                "a list of IP addresses"))
                .toList();
    }
}
