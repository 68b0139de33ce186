package posthaste.outbound;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import posthaste.outbound.destination.DestinationSettings;
import posthaste.outbound.tls.TlsPolicy;

/**
 * How mail is sent.
 *
 * @param helo what we call ourselves in EHLO: our host name in DNS
 * @param sourceAddresses ours, used in turn; empty: as the system chooses
 * @param tls for every destination
 * @param destinations their limits
 * @param trustedIssuers of certificates, where those are verified; empty: those that Java trusts
 * @param returnPaths where next hops send back what they cannot deliver
 */
public record OutboundSettings(
        String helo,
        List<InetAddress> sourceAddresses,
        TlsPolicy tls,
        DestinationSettings destinations,
        List<X509Certificate> trustedIssuers,
        ReturnPaths returnPaths) {
    public OutboundSettings {
        trustedIssuers = List.copyOf(trustedIssuers);
        sourceAddresses = List.copyOf(sourceAddresses);
        if (!helo.matches("[A-Za-z0-9.:\\[\\]_-]{1,255}")) {
            throw new IllegalArgumentException(
                    "the EHLO name is a host name or an address literal, not: " + helo);
        }
    }

    /** Trusting whom Java trusts. */
    public OutboundSettings(
            String helo,
            List<InetAddress> sourceAddresses,
            TlsPolicy tls,
            DestinationSettings destinations) {
        this(helo, sourceAddresses, tls, destinations, List.of());
    }

    /** What comes back goes to the senders themselves. */
    public OutboundSettings(
            String helo,
            List<InetAddress> sourceAddresses,
            TlsPolicy tls,
            DestinationSettings destinations,
            List<X509Certificate> trustedIssuers) {
        this(helo, sourceAddresses, tls, destinations, trustedIssuers, ReturnPaths.AS_ACCEPTED);
    }

    /** The same with other reverse-paths. */
    public OutboundSettings with(ReturnPaths paths) {
        return new OutboundSettings(
                helo, sourceAddresses, tls, destinations, trustedIssuers, paths);
    }

    /** The defaults, under this name. */
    public static OutboundSettings named(String helo) {
        return new OutboundSettings(
                helo,
                List.of(),
                TlsPolicy.OPPORTUNISTIC,
                new DestinationSettings(
                        5,
                        50,
                        Duration.ofSeconds(20),
                        1000,
                        Duration.ofMinutes(5),
                        5,
                        Duration.ofMinutes(1),
                        1000));
    }
}
