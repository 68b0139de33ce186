package posthaste.ingest.policy.check;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import posthaste.ingest.policy.Network;

/**
 * A list of clients in DNS (RFC 5782).
 *
 * @param zone below which addresses stand in reverse
 * @param score added when the client is listed; negative for a list of good ones
 * @param codes answers that count
 * @param text told to a client that is refused; {@code {ip}} stands for its address
 */
public record DnsList(Name zone, int score, List<Codes> codes, String text) {

    /** Answers from the first to the last, both included. */
    public record Codes(Inet4Address first, Inet4Address last) {
        /**
         * Everything but 127.0.0.1, which is never listed, and 127.255.255.x, by which lists say
         * that they were asked wrongly.
         */
        public static final List<Codes> USUAL = List.of(parse("127.0.0.2-127.255.254.255"));

        /**
         * Reads {@code 127.0.0.2}, {@code 127.0.0.2-127.0.0.9} or {@code 127.0.0.8/29}.
         *
         * @throws IllegalArgumentException when it is none
         */
        public static Codes parse(String text) {
            try {
                int dash = text.indexOf('-');
                if (dash > 0) {
                    return new Codes(code(text.substring(0, dash)), code(text.substring(dash + 1)));
                }
                Network network = Network.parse(text);
                Inet4Address first = code(network.first().getHostAddress());
                int rest = network.prefix() == 0 ? -1 : (1 << (32 - network.prefix())) - 1;
                int last = number(first) | (network.prefix() == 32 ? 0 : rest);
                byte[] octets = ByteBuffer.allocate(Integer.BYTES).putInt(last).array();
                return new Codes(
                        first,
                        code(
                                (octets[0] & 255)
                                        + "."
                                        + (octets[1] & 255)
                                        + "."
                                        + (octets[2] & 255)
                                        + "."
                                        + (octets[3] & 255)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "'"
                                + text
                                + "' is no answer; write 127.0.0.2, 127.0.0.2-127.0.0.9 or"
                                + " 127.0.0.8/29",
                        e);
            }
        }

        boolean have(InetAddress answer) {
            return answer instanceof Inet4Address code
                    && Integer.compareUnsigned(number(code), number(first)) >= 0
                    && Integer.compareUnsigned(number(code), number(last)) <= 0;
        }

        private static Inet4Address code(String text) {
            return Inet4Address.ofLiteral(text.strip());
        }

        private static int number(Inet4Address code) {
            return ByteBuffer.wrap(code.getAddress()).getInt();
        }
    }

    public DnsList {
        codes = List.copyOf(codes);
    }

    /**
     * Reads a zone's name.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Name zone(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException("'" + text + "' is no domain name", e);
        }
    }

    /** The name to be asked for: octets in reverse, or nibbles of an IPv6 address. */
    Name question(InetAddress client) throws NameTooLongException {
        StringBuilder reversed = new StringBuilder();
        byte[] octets = client.getAddress();
        for (int i = octets.length - 1; i >= 0; i--) {
            if (client instanceof Inet4Address) {
                reversed.append(octets[i] & 0xff).append('.');
            } else {
                reversed.append(Integer.toHexString(octets[i] & 0xf)).append('.');
                reversed.append(Integer.toHexString((octets[i] >> 4) & 0xf)).append('.');
            }
        }
        String labels = reversed.substring(0, reversed.length() - 1);
        try {
            return Name.concatenate(Name.fromString(labels), zone);
        } catch (TextParseException e) {
            throw new IllegalStateException("digits and dots are labels", e);
        }
    }

    /** Whether an answer means that the client is listed. */
    boolean lists(List<Record> answer) {
        return answer.stream()
                .anyMatch(record ->
                        record instanceof ARecord a
                                && codes.stream().anyMatch(c -> c.have(a.getAddress())));
    }
}
