package posthaste.ingest.policy;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A block of IP addresses, as {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or one address.
 *
 * @param first the address with all bits beyond the prefix cleared
 * @param prefix bits that an address must share with it
 */
public record Network(InetAddress first, int prefix) {
    private static final Pattern DOTTED_QUAD = Pattern.compile("\\d+(?:\\.\\d+){3}");

    /**
     * Reads CIDR notation.
     *
     * @throws IllegalArgumentException when it is none; the message says what is allowed
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash), text);
        int bits = address.getAddress().length * 8;
        int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1), bits, text);
        byte[] first = address.getAddress();
        if (!Arrays.equals(first, masked(first, prefix))) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' has bits beyond its prefix; a network begins with its lowest address");
        }
        return new Network(address, prefix);
    }

    /** Whether {@code address} is in this block; an IPv6 address is never in an IPv4 block. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == first.getAddress().length
                && Arrays.equals(masked(bytes, prefix), first.getAddress());
    }

    @Override
    public String toString() {
        return first.getHostAddress() + '/' + prefix;
    }

    private static InetAddress address(String literal, String text) {
        // Java takes "10" for 0.0.0.10, which nobody means.
        if (!literal.contains(":") && !DOTTED_QUAD.matcher(literal).matches()) {
            throw notANetwork(text);
        }
        try {
            return InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException _) {
            throw notANetwork(text);
        }
    }

    private static IllegalArgumentException notANetwork(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is no network; allowed are an IP address or ADDRESS/BITS");
    }

    private static int prefix(String digits, int bits, String text) {
        if (digits.matches("\\d{1,3}") && Integer.parseInt(digits) <= bits) {
            return Integer.parseInt(digits);
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no network; after the / stand 0 to " + bits + " bits");
    }

    private static byte[] masked(byte[] address, int prefix) {
        byte[] out = new byte[address.length];
        for (int i = 0; i < out.length; i++) {
            int bits = Math.clamp(prefix - i * 8L, 0, 8);
            out[i] = (byte) (address[i] & (0xff00 >> bits));
        }
        return out;
    }
}
