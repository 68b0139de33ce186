package posthaste.ingest.policy.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Whom policies ask.
 *
 * @param servers empty: those of the system
 * @param timeout for a look-up, repetitions included
 */
public record DnsSettings(List<InetSocketAddress> servers, Duration timeout) {
    private static final int PORT = 53;

    public static final DnsSettings DEFAULT = new DnsSettings(List.of(), Duration.ofSeconds(3));

    public DnsSettings {
        servers = List.copyOf(servers);
    }

    /**
     * Reads {@code 192.0.2.1}, {@code 192.0.2.1:5353} or {@code [2001:db8::1]:5353}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static InetSocketAddress server(String text) {
        String host = text;
        int port = PORT;
        int colon = text.lastIndexOf(':');
        boolean hasPort =
                colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
        if (hasPort) {
            host = text.substring(0, colon);
            String digits = text.substring(colon + 1);
            port = digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : 0;
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            if (port >= 1 && port <= 65_535) {
                return new InetSocketAddress(InetAddress.ofLiteral(host), port);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(notAServer(text), e);
        }
        throw new IllegalArgumentException(notAServer(text));
    }

    private static String notAServer(String text) {
        return "'" + text + "' is no server; write an IP address or ADDRESS:PORT";
    }
}
