package posthaste.outbound.routing;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import posthaste.mail.status.EnhancedStatusCode;

/**
 * Which addresses DNS may send our mail to. Anybody can publish an MX record that points at
 * 127.0.0.1 or into our own network: following it would let strangers speak to services that trust
 * us, or send us in circles.
 */
public final class AddressRules {
    private static final EnhancedStatusCode LOOP = new EnhancedStatusCode(5, 4, 6);
    private static final EnhancedStatusCode POLICY = new EnhancedStatusCode(5, 7, 1);

    /** Not of the public internet: RFC 6890 and its registries. */
    private static final List<Network> SPECIAL =
            Stream.of(
                            "0.0.0.0/8",
                            "10.0.0.0/8",
                            "100.64.0.0/10",
                            "169.254.0.0/16",
                            "172.16.0.0/12",
                            "192.0.0.0/24",
                            "192.88.99.0/24",
                            "192.168.0.0/16",
                            "198.18.0.0/15",
                            "224.0.0.0/4",
                            "240.0.0.0/4",
                            "::/128",
                            "64:ff9b:1::/48",
                            "100::/64",
                            "2001::/23",
                            "3fff::/20",
                            "5f00::/16",
                            "fc00::/7",
                            "fe80::/10",
                            "fec0::/10",
                            "ff00::/8")
                    .map(Network::parse)
                    .toList();

    private static final List<Network> LOOPBACK =
            List.of(Network.parse("127.0.0.0/8"), Network.parse("::1/128"));

    /** IPv6 addresses with an IPv4 address inside, and where it begins. */
    private static final Network TRANSLATED = Network.parse("::ffff:0:0:0/96");

    private static final Network NAT64 = Network.parse("64:ff9b::/96");

    private static final int NAT64_OFFSET = 12;
    private static final Network SIX_TO_FOUR = Network.parse("2002::/16");
    private static final int SIX_TO_FOUR_OFFSET = 2;
    private static final Network IPV4_COMPATIBLE = Network.parse("::/96");

    /**
     * Why an address is not for us.
     *
     * @param status final: DNS is not expected to change its mind
     * @param reason completes "the host X "
     */
    public record Objection(EnhancedStatusCode status, String reason) {}

    private final List<Network> allowed;
    private final Set<InetAddress> own;

    public AddressRules(List<Network> allowed, Set<InetAddress> own) {
        this.allowed = List.copyOf(allowed);
        this.own = Set.copyOf(own);
    }

    /** Whether an address that DNS named, or a recipient's literal, may be connected to. */
    public Optional<Objection> objection(InetAddress address) {
        InetAddress meant = embedded(address).orElse(address);
        if (own.contains(address) || own.contains(meant)) {
            return Optional.of(new Objection(LOOP, "is ourselves"));
        }
        if (contains(allowed, address) || contains(allowed, meant)) {
            return Optional.empty();
        }
        if (contains(LOOPBACK, meant)) {
            return Optional.of(new Objection(LOOP, "has a loopback address"));
        }
        return contains(SPECIAL, meant)
                ? Optional.of(new Objection(POLICY, "has an address that is not of the internet"))
                : Optional.empty();
    }

    private static boolean contains(List<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    private static Optional<InetAddress> embedded(InetAddress address) {
        if (!(address instanceof Inet6Address) || contains(LOOPBACK, address)) {
            return Optional.empty();
        }
        if (NAT64.contains(address)
                || TRANSLATED.contains(address)
                || IPV4_COMPATIBLE.contains(address)) {
            return Optional.of(ipv4(address, NAT64_OFFSET));
        }
        return SIX_TO_FOUR.contains(address)
                ? Optional.of(ipv4(address, SIX_TO_FOUR_OFFSET))
                : Optional.empty();
    }

    private static InetAddress ipv4(InetAddress address, int offset) {
        byte[] four = Arrays.copyOfRange(address.getAddress(), offset, offset + 4);
        try {
            return InetAddress.getByAddress(four);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
        }
    }
}
