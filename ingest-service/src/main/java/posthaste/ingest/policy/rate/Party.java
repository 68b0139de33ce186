package posthaste.ingest.policy.rate;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import posthaste.ingest.submitter.Login;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;

/**
 * On whose account something goes.
 *
 * @param senderDomain A-labels in lower case; empty without a mail, or with the null reverse-path
 */
public record Party(Optional<String> login, InetAddress address, Optional<String> senderDomain) {
    /** Octets of an IPv6 address that name a network; the rest its owner chooses freely. */
    private static final int NETWORK_OCTETS = 8;

    private static final int ADDRESS_OCTETS = 16;

    /** Before a mail. */
    public static Party of(Submitter submitter) {
        return of(submitter, ReversePath.NULL);
    }

    /** With a mail. */
    public static Party of(Submitter submitter, ReversePath reversePath) {
        return new Party(
                submitter.login().map(Login::name),
                submitter.address(),
                switch (reversePath) {
                    case ReversePath.From(EmailAddress sender) -> Optional.of(sender.asciiDomain());
                    case ReversePath.Null() -> Optional.empty();
                });
    }

    /** What it is called on an account of this kind. */
    Optional<String> name(Per per) {
        return switch (per) {
            case LOGIN -> login;
            case ADDRESS -> Optional.of(network(address));
            case SENDER_DOMAIN -> senderDomain;
        };
    }

    private static String network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] octets =
                Arrays.copyOf(Arrays.copyOf(address.getAddress(), NETWORK_OCTETS), ADDRESS_OCTETS);
        try {
            return InetAddress.getByAddress(octets).getHostAddress() + "/64";
        } catch (UnknownHostException e) {
            throw new IllegalStateException("sixteen octets are an address", e);
        }
    }
}
