package posthaste.ingest.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the header that a proxy sends before anything else. */
public sealed interface ProxyHeader {

    /** A header of version 2 with all its TLVs that is longer is refused. */
    int LIMIT = 4096;

    /**
     * A whole header.
     *
     * @param end the first octet after it
     * @param client empty when the proxy speaks for itself, or says that it does not know
     */
    record Complete(int end, Optional<InetAddress> client) implements ProxyHeader {}

    /** So far so good. */
    record Incomplete() implements ProxyHeader {}

    /**
     * Not a header.
     *
     * @param why one line for the operator
     */
    record Wrong(String why) implements ProxyHeader {}

    /** Looks at the octets from {@code from} to {@code to}. */
    static ProxyHeader read(byte[] block, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return new Incomplete();
        }
        return block[from] == 'P'
                ? Version1.read(block, from, length)
                : Version2.read(block, from, length);
    }

    /** A line of text. */
    final class Version1 {
        private static final byte[] BEGIN = "PROXY ".getBytes(StandardCharsets.US_ASCII);

        /** Octets of the longest line, with its CRLF. */
        private static final int LONGEST = 107;

        private static final Pattern PORT = Pattern.compile("0|[1-9]\\d{0,4}");
        private static final int PORTS = 65_535;
        private static final Pattern IPV4 =
                Pattern.compile("(?:0|[1-9]\\d{0,2})(?:\\.(?:0|[1-9]\\d{0,2})){3}");
        private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

        private Version1() {}

        private static ProxyHeader read(byte[] block, int from, int length) {
            int known = Math.min(length, BEGIN.length);
            if (!Arrays.equals(block, from, from + known, BEGIN, 0, known)) {
                return new Wrong("it begins as no header does");
            }
            int most = Math.min(length, LONGEST);
            for (int i = from; i < from + most; i++) {
                if (block[i] == '\n') {
                    return i > from && block[i - 1] == '\r'
                            ? line(
                                    new String(
                                            block, from, i - 1 - from, StandardCharsets.ISO_8859_1),
                                    i + 1)
                            : new Wrong("its line does not end in CRLF");
                }
            }
            return length < LONGEST ? new Incomplete() : new Wrong("its line is too long");
        }

        private static ProxyHeader line(String line, int end) {
            String[] words = line.split(" ", -1);
            if (words[1].equals("UNKNOWN")) {
                // The rest of the line is to be ignored.
                return new Complete(end, Optional.empty());
            }
            boolean is4 = words[1].equals("TCP4");
            if (words.length != 6 || !(is4 || words[1].equals("TCP6"))) {
                return new Wrong("its line is not 'PROXY TCP4 or TCP6, 2 addresses, 2 ports'");
            }
            Optional<InetAddress> client = address(words[2], is4);
            if (client.isEmpty()
                    || address(words[3], is4).isEmpty()
                    || !isPort(words[4])
                    || !isPort(words[5])) {
                return new Wrong("an address or a port of its line is none");
            }
            return new Complete(end, client);
        }

        private static Optional<InetAddress> address(String text, boolean is4) {
            try {
                return (is4 ? IPV4 : IPV6).matcher(text).matches()
                        ? Optional.of(InetAddress.ofLiteral(text))
                        : Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        private static boolean isPort(String text) {
            return PORT.matcher(text).matches() && Integer.parseInt(text) <= PORTS;
        }
    }

    /** Octets. */
    final class Version2 {
        private static final byte[] SIGNATURE = {
            '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
        };
        private static final int FIXED = 16;
        private static final int COMMAND_AT = 12;
        private static final int FAMILY_AT = 13;
        private static final int LENGTH_AT = 14;
        private static final int LOCAL = 0x20;
        private static final int PROXY = 0x21;
        private static final int INET = 1;
        private static final int INET6 = 2;
        private static final int UNIX = 3;
        private static final int INET_OCTETS = 12;
        private static final int INET6_OCTETS = 36;
        private static final int UNIX_OCTETS = 216;

        private Version2() {}

        private static ProxyHeader read(byte[] block, int from, int length) {
            int known = Math.min(length, SIGNATURE.length);
            if (!Arrays.equals(block, from, from + known, SIGNATURE, 0, known)) {
                return new Wrong("it begins as no header does");
            }
            if (length < FIXED) {
                return new Incomplete();
            }
            int command = block[from + COMMAND_AT] & 0xff;
            if (command != LOCAL && command != PROXY) {
                return new Wrong("its version or command is not known");
            }
            int rest = (block[from + LENGTH_AT] & 0xff) << 8 | (block[from + LENGTH_AT + 1] & 0xff);
            if (FIXED + rest > LIMIT) {
                return new Wrong("it is longer than " + LIMIT + " octets");
            }
            int family = (block[from + FAMILY_AT] & 0xff) >> 4;
            if (command == PROXY && rest < addresses(family)) {
                return new Wrong("it is too short for its addresses");
            }
            if (length < FIXED + rest) {
                return new Incomplete();
            }
            // What follows the addresses (TLVs) is skipped.
            return new Complete(
                    from + FIXED + rest,
                    command == LOCAL ? Optional.empty() : client(block, from + FIXED, family));
        }

        private static int addresses(int family) {
            return switch (family) {
                case INET -> INET_OCTETS;
                case INET6 -> INET6_OCTETS;
                case UNIX -> UNIX_OCTETS;
                default -> 0;
            };
        }

        private static Optional<InetAddress> client(byte[] block, int at, int family) {
            int octets = family == INET ? 4 : family == INET6 ? 16 : 0;
            if (octets == 0) {
                return Optional.empty();
            }
            try {
                return Optional.of(
                        InetAddress.getByAddress(Arrays.copyOfRange(block, at, at + octets)));
            } catch (UnknownHostException e) {
                throw new IllegalStateException("4 and 16 octets are an address", e);
            }
        }
    }
}
