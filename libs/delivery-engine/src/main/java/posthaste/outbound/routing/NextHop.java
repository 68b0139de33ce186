package posthaste.outbound.routing;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host that configuration names: as {@code relay.example.org:587}, {@code 192.0.2.1} or {@code
 * [2001:db8::1]:25}.
 *
 * @param host name or IP address without brackets
 */
public record NextHop(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9_.-]+))(?::(\\d{1,5}))?");
    private static final int LAST_PORT = 65_535;

    public NextHop {
        host = host.toLowerCase(Locale.ROOT);
        if (host.isEmpty() || port < 1 || port > LAST_PORT) {
            throw new IllegalArgumentException(
                    "a next hop is HOST:PORT with a port from 1 to 65535, not: "
                            + host
                            + ":"
                            + port);
        }
    }

    /**
     * Reads a next hop.
     *
     * @param defaultPort if none is given
     * @throws IllegalArgumentException saying what is allowed
     */
    public static NextHop parse(String text, int defaultPort) {
        Matcher m = FORM.matcher(text.strip());
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "a next hop is HOST:PORT, HOST or [IPV6-ADDRESS]:PORT, not: " + text);
        }
        String host = m.group(1) != null ? m.group(1) : m.group(2);
        return new NextHop(host, m.group(3) == null ? defaultPort : Integer.parseInt(m.group(3)));
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
