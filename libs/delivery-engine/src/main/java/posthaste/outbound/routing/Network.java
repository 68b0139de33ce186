package posthaste.outbound.routing;

import java.net.InetAddress;

/** IP addresses with a common beginning, as {@code 10.0.0.0/8} or {@code fd00::/8}. */
public record Network(InetAddress base, int prefix) {
    public Network {
        if (prefix < 0 || prefix > base.getAddress().length * 8) {
            throw new IllegalArgumentException(
                    "a network of " + base.getHostAddress() + " cannot have /" + prefix);
        }
    }

    /**
     * Reads a network; an address alone is a network of one.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        try {
            InetAddress base = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            return new Network(
                    base,
                    slash < 0
                            ? base.getAddress().length * 8
                            : Integer.parseInt(text.substring(slash + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a network is ADDRESS/LENGTH, not: " + text, e);
        }
    }

    /** Whether it holds the address. */
    public boolean contains(InetAddress address) {
        byte[] ours = base.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >>> (bit % 8);
            if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return base.getHostAddress() + "/" + prefix;
    }
}
