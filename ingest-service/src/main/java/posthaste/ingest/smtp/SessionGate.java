package posthaste.ingest.smtp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import posthaste.ingest.smtp.ListenerSettings.Limits;

/** Caps the sessions, all together and of each address (DESIGN 3, invariant 5). */
final class SessionGate {
    /** Octets of an IPv6 address that name a network; the rest its owner chooses freely. */
    private static final int NETWORK_OCTETS = 8;

    private final Limits limits;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<ByteBuffer, Integer> byAddress = new ConcurrentHashMap<>();

    SessionGate(Limits limits) {
        this.limits = limits;
    }

    /** Lets a session in, which then has to {@link #leave}, or does not. */
    boolean enter(InetAddress client) {
        if (all.incrementAndGet() > limits.sessions()) {
            all.decrementAndGet();
            return false;
        }
        if (byAddress.merge(network(client), 1, Integer::sum) > limits.sessionsPerAddress()) {
            leave(client);
            return false;
        }
        return true;
    }

    void leave(InetAddress client) {
        byAddress.computeIfPresent(network(client), (network, n) -> n == 1 ? null : n - 1);
        all.decrementAndGet();
    }

    private static ByteBuffer network(InetAddress client) {
        byte[] octets = client.getAddress();
        return client instanceof Inet6Address
                ? ByteBuffer.wrap(octets, 0, NETWORK_OCTETS)
                : ByteBuffer.wrap(octets);
    }
}
