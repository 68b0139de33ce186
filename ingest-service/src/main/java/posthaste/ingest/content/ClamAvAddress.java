package posthaste.ingest.content;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a clamd listens: {@code HOST:PORT}, {@code [IPv6]:PORT} or {@code unix:/path}. */
public sealed interface ClamAvAddress {
    Pattern HOST_AND_PORT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]/\\s]+):(\\d{1,5})");
    String UNIX_PREFIX = "unix:";

    /** A socket in the file system. */
    record Unix(String path) implements ClamAvAddress {
        @Override
        public String toString() {
            return UNIX_PREFIX + path;
        }
    }

    /** A TCP port. */
    record Tcp(String host, int port) implements ClamAvAddress {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it is none
     */
    static ClamAvAddress parse(String text) {
        if (text.startsWith(UNIX_PREFIX) && text.length() > UNIX_PREFIX.length()) {
            return new Unix(text.substring(UNIX_PREFIX.length()));
        }
        Matcher tcp = HOST_AND_PORT.matcher(text);
        if (!tcp.matches() || Integer.parseInt(tcp.group(2)) > 0xffff) {
            throw new IllegalArgumentException("not an address of clamd: " + text);
        }
        return new Tcp(tcp.group(1), Integer.parseInt(tcp.group(2)));
    }

    /** As it is now. */
    default SocketAddress resolve() throws UnknownHostException {
        return switch (this) {
            case Unix(String path) -> UnixDomainSocketAddress.of(path);
            case Tcp(String host, int port) -> {
                InetSocketAddress address = new InetSocketAddress(host, port);
                if (address.isUnresolved()) {
                    throw new UnknownHostException(host);
                }
                yield address;
            }
        };
    }
}
