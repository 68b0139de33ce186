package posthaste.ingest.auth.throttle;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** Of whom failures are counted, in few characters whatever a client says. */
final class Subject {
    private static final int NETWORK_OCTETS = 8;
    private static final int NAME_OCTETS = 16;

    private Subject() {}

    /** A user by a hash: people type passwords where names belong, and this goes to others. */
    static String user(String name) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(name.getBytes(StandardCharsets.UTF_8));
            return "u:"
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(Arrays.copyOf(hash, NAME_OCTETS));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** An IPv4 address, or the /64 network of an IPv6 address: what one subscriber has. */
    static String address(InetAddress address) {
        byte[] octets = address.getAddress();
        return "a:"
                + (address instanceof Inet6Address
                        ? HexFormat.of().formatHex(octets, 0, NETWORK_OCTETS) + "/64"
                        : address.getHostAddress());
    }

    /** A user from an address. */
    static String pair(String name, InetAddress address) {
        return user(name) + "@" + address(address);
    }
}
