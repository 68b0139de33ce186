package posthaste.service.engine;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.mail.envelope.Stream;
import posthaste.mail.envelope.StreamShares;
import posthaste.outbound.OutboundSettings;
import posthaste.outbound.destination.DestinationSettings;
import posthaste.outbound.tls.TlsPolicy;
import posthaste.outbound.tls.VerifiedTls;
import posthaste.service.settings.HostName;
import posthaste.service.settings.Setting;

/**
 * How mail is sent.
 *
 * @param helo what we call ourselves in EHLO: a name that DNS resolves to our source address, or
 *     others refuse our mail (default: the host name)
 * @param sourceAddresses ours, used in turn; empty: as the system chooses
 * @param tls whether STARTTLS is used where it is offered ({@code opportunistic}), must be offered
 *     with a certificate in the host's name ({@code require}), or is never used ({@code none}); for
 *     some domains otherwise: {@code posthaste.routing.tls}
 * @param trustedIssuers a file with certificates in PEM: whose certificates are believed where they
 *     are verified; empty: those that Java trusts
 * @param port of hosts found by MX
 * @param startConnections to a destination at once before anything is known of it
 * @param maxConnections to a destination at once, of this process
 * @param idleTimeout after which an unused connection is closed
 * @param maxMessagesPerConnection after which a connection is closed
 * @param maxConnectionAge after which a connection is closed
 * @param downAfter failed connections in a row, after which a destination counts as down
 * @param probeInterval between two looks at a destination that is down
 */
@ConfigurationProperties(prefix = "posthaste.outbound", ignoreUnknownFields = false)
public record OutboundProperties(
        @DefaultValue("") String helo,
        @DefaultValue List<String> sourceAddresses,
        @DefaultValue("opportunistic") Tls tls,
        @DefaultValue("") String trustedIssuers,
        @DefaultValue("25") int port,
        @DefaultValue("5") int startConnections,
        @DefaultValue("50") int maxConnections,
        @DefaultValue("20s") Duration idleTimeout,
        @DefaultValue("1000") int maxMessagesPerConnection,
        @DefaultValue("5m") Duration maxConnectionAge,
        @DefaultValue("5") int downAfter,
        @DefaultValue("1m") Duration probeInterval) {
    private static final Pattern HELO = Pattern.compile("[A-Za-z0-9.:\\[\\]_-]{1,255}");

    /** How STARTTLS is used. */
    public enum Tls {
        OPPORTUNISTIC,
        REQUIRE,
        NONE;

        TlsPolicy policy() {
            return switch (this) {
                case OPPORTUNISTIC -> TlsPolicy.OPPORTUNISTIC;
                case REQUIRE -> TlsPolicy.VERIFIED;
                case NONE -> TlsPolicy.NONE;
            };
        }
    }

    public OutboundProperties {
        sourceAddresses = List.copyOf(sourceAddresses);
        Setting.require(
                "helo",
                helo,
                helo.isEmpty() || HELO.matcher(helo).matches(),
                "a host name or an address literal");
        addresses(sourceAddresses);
        issuers(trustedIssuers);
        Setting.between("port", port, 1, 65_535);
        Setting.between("max-connections", maxConnections, 1, 10_000);
        Setting.between("start-connections", startConnections, 1, maxConnections);
        Setting.between("idle-timeout", idleTimeout, Duration.ofMillis(1), Duration.ofMinutes(5));
        Setting.between("max-messages-per-connection", maxMessagesPerConnection, 1, 1_000_000);
        Setting.between(
                "max-connection-age", maxConnectionAge, Duration.ofMillis(1), Duration.ofHours(24));
        Setting.between("down-after", downAfter, 1, 1000);
        Setting.between(
                "probe-interval", probeInterval, Duration.ofMillis(10), Duration.ofHours(1));
    }

    /** As configured, or the host name. */
    public String heloName() {
        return helo.isEmpty() ? HostName.ofThisMachine() : helo;
    }

    /**
     * As the engine takes it.
     *
     * @param inFlight attempts that one of the fleets may have at once
     * @param streams that divide them by {@code shares}
     */
    public OutboundSettings settings(int inFlight, List<Stream> streams, StreamShares shares) {
        return new OutboundSettings(
                heloName(),
                addresses(sourceAddresses),
                tls.policy(),
                new DestinationSettings(
                        startConnections,
                        maxConnections,
                        idleTimeout,
                        maxMessagesPerConnection,
                        maxConnectionAge,
                        downAfter,
                        probeInterval,
                        inFlight,
                        streams,
                        shares),
                issuers(trustedIssuers));
    }

    private static List<X509Certificate> issuers(String file) {
        return file.isEmpty()
                ? List.of()
                : Setting.read(
                        "trusted-issuers",
                        file,
                        name -> VerifiedTls.certificates(Path.of(name)),
                        "a file with certificates in PEM");
    }

    private static List<InetAddress> addresses(List<String> addresses) {
        return addresses.stream()
                .map(address ->
                        Setting.read(
                                "source-addresses",
                                address,
                                InetAddress::ofLiteral,
                                "a list of IP addresses"))
                .toList();
    }
}
