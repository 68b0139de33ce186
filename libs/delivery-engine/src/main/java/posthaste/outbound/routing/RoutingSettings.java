package posthaste.outbound.routing;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import posthaste.outbound.tls.TlsPolicy;

/**
 * Where mail goes.
 *
 * @param relayTo takes all mail, whatever the routes say
 * @param routes by pattern: {@code example.org}, {@code *.example.org} (its subdomains), {@code *}
 *     (all other domains); what no route takes goes by MX
 * @param dnsServers empty: those of the system
 * @param dnsTimeout for one look-up with its repetitions
 * @param port of hosts found by MX
 * @param allowedNetworks private or loopback networks that DNS may send mail to nevertheless
 * @param ownNames our host names: an MX record that names one points back at us
 * @param ownAddresses our IP addresses: likewise
 * @param maxAddresses tried in one attempt
 * @param dnssec whether the DNS servers prove what they say, and the way to them is safe
 * @param tls what TLS the hosts of a domain have to have, by patterns as {@code routes} has them;
 *     without one: as for all
 */
public record RoutingSettings(
        Optional<NextHop> relayTo,
        Map<String, NextHop> routes,
        List<InetSocketAddress> dnsServers,
        Duration dnsTimeout,
        int port,
        List<Network> allowedNetworks,
        Set<String> ownNames,
        Set<InetAddress> ownAddresses,
        int maxAddresses,
        boolean dnssec,
        Map<String, TlsPolicy> tls) {
    public RoutingSettings {
        tls = Map.copyOf(tls);
        routes = Map.copyOf(routes);
        dnsServers = List.copyOf(dnsServers);
        allowedNetworks = List.copyOf(allowedNetworks);
        ownNames = Set.copyOf(ownNames);
        ownAddresses = Set.copyOf(ownAddresses);
        if (dnsTimeout.isNegative() || dnsTimeout.isZero()) {
            throw new IllegalArgumentException("the DNS timeout is above 0, not: " + dnsTimeout);
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is from 1 to 65535, not: " + port);
        }
        if (maxAddresses < 1) {
            throw new IllegalArgumentException(
                    "at least one address is tried in an attempt, not: " + maxAddresses);
        }
    }

    /** Without DNSSEC, the same TLS for all. */
    public RoutingSettings(
            Optional<NextHop> relayTo,
            Map<String, NextHop> routes,
            List<InetSocketAddress> dnsServers,
            Duration dnsTimeout,
            int port,
            List<Network> allowedNetworks,
            Set<String> ownNames,
            Set<InetAddress> ownAddresses,
            int maxAddresses) {
        this(
                relayTo,
                routes,
                dnsServers,
                dnsTimeout,
                port,
                allowedNetworks,
                ownNames,
                ownAddresses,
                maxAddresses,
                false,
                Map.of());
    }

    /** Everything to one smart host. */
    public static RoutingSettings relayingTo(NextHop smartHost) {
        return new RoutingSettings(
                Optional.of(smartHost),
                Map.of(),
                List.of(),
                Duration.ofSeconds(5),
                25,
                List.of(),
                Set.of(),
                Set.of(),
                5);
    }
}
