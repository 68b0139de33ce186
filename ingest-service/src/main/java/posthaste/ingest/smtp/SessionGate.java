package posthaste.ingest.smtp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import posthaste.ingest.smtp.ListenerSettings.Limits;

/**
 * Caps the sessions of all listeners together, of each listener, and of each address (DESIGN 3,
 * invariant 5).
 */
public final class SessionGate {
    /** Octets of an IPv6 address that name a network; the rest its owner chooses freely. */
    private static final int NETWORK_OCTETS = 8;

    private final int sessions;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<ByteBuffer, Integer> byAddress = new ConcurrentHashMap<>();

    /**
     * A gate for all listeners.
     *
     * @param sessions at the same time, of all together
     */
    public SessionGate(int sessions) {
        this.sessions = sessions;
    }

    /** The way in of one listener. */
    Entrance entrance(Limits limits) {
        return new Entrance(limits);
    }

    private static ByteBuffer network(InetAddress client) {
        byte[] octets = client.getAddress();
        return client instanceof Inet6Address
                ? ByteBuffer.wrap(octets, 0, NETWORK_OCTETS)
                : ByteBuffer.wrap(octets);
    }

    /** One listener's share of the gate. */
    final class Entrance {
        private final Limits limits;
        private final AtomicInteger own = new AtomicInteger();

        private Entrance(Limits limits) {
            this.limits = limits;
        }

        /** Lets a session in, which then has to {@link #leave}, or does not. */
        boolean enter(InetAddress client) {
            all.incrementAndGet();
            own.incrementAndGet();
            int ofAddress = byAddress.merge(network(client), 1, Integer::sum);
            if (all.get() > sessions
                    || own.get() > limits.sessions()
                    || ofAddress > limits.sessionsPerAddress()) {
                leave(client);
                return false;
            }
            return true;
        }

        /**
         * The session turns out to be of another address: that one's count it is from now on.
         *
         * @return whether there is room for it; if not, it still counts for the first
         */
        boolean change(InetAddress from, InetAddress to) {
            if (byAddress.merge(network(to), 1, Integer::sum) > limits.sessionsPerAddress()) {
                release(to);
                return false;
            }
            release(from);
            return true;
        }

        void leave(InetAddress client) {
            release(client);
            own.decrementAndGet();
            all.decrementAndGet();
        }

        private void release(InetAddress client) {
            byAddress.computeIfPresent(network(client), (network, n) -> n == 1 ? null : n - 1);
        }
    }
}
