package posthaste.service.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import posthaste.outbound.routing.Network;
import posthaste.outbound.routing.NextHop;
import posthaste.outbound.routing.RoutingSettings;
import posthaste.service.settings.RecordUnderTest;

class RoutingPropertiesTest {
    private final RecordUnderTest<RoutingProperties> properties =
            new RecordUnderTest<>(RoutingProperties.class);
    private final OutboundProperties outbound =
            new RecordUnderTest<>(OutboundProperties.class)
                    .from(Map.of("helo", "relay.example.com", "port", "2525"));

    @Test
    void byDefaultMailGoesByMx() {
        assertThat(properties.defaults())
                .isEqualTo(
                        new RoutingProperties(
                                "",
                                Map.of(),
                                List.of(),
                                Duration.ofSeconds(5),
                                List.of(),
                                List.of(),
                                List.of(),
                                5,
                                false,
                                Map.of()));
    }

    @Test
    void everyPropertyIsMapped() throws Exception {
        properties.mapsEveryPropertyOf(
                Map.of(
                        "relay-to", "smart.example.com:587",
                        "routes[*.example.org]", "10.0.0.1",
                        "dns-servers", "127.0.0.1:5353",
                        "dns-timeout", "1s",
                        "allowed-networks", "10.0.0.0/8",
                        "own-names", "mx.example.com",
                        "own-addresses", "192.0.2.1",
                        "max-addresses", "3",
                        "dnssec", "true",
                        "tls[*.example.org]", "require"),
                new RoutingProperties(
                        "smart.example.com:587",
                        Map.of("*.example.org", "10.0.0.1"),
                        List.of("127.0.0.1:5353"),
                        Duration.ofSeconds(1),
                        List.of("10.0.0.0/8"),
                        List.of("mx.example.com"),
                        List.of("192.0.2.1"),
                        3,
                        true,
                        Map.of("*.example.org", OutboundProperties.Tls.REQUIRE)));
    }

    @Test
    void theEngineTakesThemParsed() throws Exception {
        RoutingSettings settings =
                properties
                        .from(
                                Map.of(
                                        "relay-to", "smart.example.com",
                                        "routes[example.org]", "[2001:db8::1]:26",
                                        "dns-servers", "192.0.2.53",
                                        "allowed-networks", "10.0.0.0/8",
                                        "own-names", "mx.example.com",
                                        "own-addresses", "192.0.2.1"))
                        .settings(outbound);

        assertThat(settings.relayTo()).contains(new NextHop("smart.example.com", 25));
        assertThat(settings.routes())
                .containsExactly(Map.entry("example.org", new NextHop("2001:db8::1", 26)));
        assertThat(settings.dnsServers())
                .containsExactly(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.53"), 53));
        assertThat(settings.allowedNetworks()).containsExactly(Network.parse("10.0.0.0/8"));
        assertThat(settings.port()).isEqualTo(2525);
        assertThat(settings.ownNames())
                .containsExactlyInAnyOrder("mx.example.com", "relay.example.com");
        assertThat(settings.ownAddresses()).containsExactly(InetAddress.ofLiteral("192.0.2.1"));
    }

    @Test
    void wrongValuesAreRefused() {
        properties.refuses(
                "relay-to",
                "smart host",
                "is 'smart host', but must be HOST:PORT, HOST or [IPV6-ADDRESS]:PORT.");
        properties.refuses(
                "relay-to",
                "smart.example.com:99999",
                "is 'smart.example.com:99999', but must be HOST:PORT, HOST or [IPV6-ADDRESS]:PORT.");
        properties.refuses(
                "routes[example.org]",
                "a b",
                "is 'a b', but must be HOST:PORT, HOST or [IPV6-ADDRESS]:PORT.");
        properties.refuses(
                "routes[*example.org]",
                "10.0.0.1",
                "is '*example.org', but must be a route for example.org, *.example.org or *.");
        properties.refuses(
                "tls[*example.org]",
                "require",
                "is '*example.org', but must be a pattern like example.org, *.example.org or *.");
        properties.refuses(
                "dns-servers",
                "ns.example.com",
                "is 'ns.example.com', but must be a list of IP addresses, each with a port if it is"
                        + " not 53.");
        properties.refuses("dns-timeout", "0s", "is 0s, but must be from 10ms to 1m.");
        properties.refuses(
                "allowed-networks",
                "10.0.0.0/99",
                "is '10.0.0.0/99', but must be a list of networks, as 10.0.0.0/8.");
        properties.refuses(
                "own-addresses",
                "mx.example.com",
                "is 'mx.example.com', but must be a list of IP addresses.");
        properties.refuses("max-addresses", "0", "is 0, but must be from 1 to 100.");
    }
}
