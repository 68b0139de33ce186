package posthaste.outbound.routing;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * One address of a host.
 *
 * @param name as MX or configuration name it; also for SNI
 */
public record HostAddress(String name, InetAddress address, int port) {

    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(address, port);
    }

    /** As {@code 192.0.2.1:25} or {@code [2001:db8::1]:25}. */
    public String addressAndPort() {
        String text = address.getHostAddress();
        return (text.contains(":") ? "[" + text + "]" : text) + ":" + port;
    }

    /** As {@code mx.example.org[192.0.2.1]:25}. */
    @Override
    public String toString() {
        return name + "[" + address.getHostAddress() + "]:" + port;
    }
}
