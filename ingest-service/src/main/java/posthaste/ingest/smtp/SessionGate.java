package posthaste.ingest.smtp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
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

    /** The share of the sessions that may be which are. */
    public double share() {
        return (double) all.get() / sessions;
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

    private boolean claim(InetAddress client, int limit) {
        if (byAddress.merge(network(client), 1, Integer::sum) > limit) {
            release(client);
            return false;
        }
        return true;
    }

    private void release(InetAddress client) {
        byAddress.computeIfPresent(network(client), (network, n) -> n == 1 ? null : n - 1);
    }

    /** One listener's way through the gate. */
    final class Entrance {
        private final Limits limits;
        private final AtomicInteger own = new AtomicInteger();

        private Entrance(Limits limits) {
            this.limits = limits;
        }

        /** Lets a session in, which has to give its place back, or does not. */
        Optional<Place> enter() {
            Place place = new Place(this);
            if (all.get() > sessions || own.get() > limits.sessions()) {
                place.close();
                return Optional.empty();
            }
            return Optional.of(place);
        }
    }

    /** What one session takes up; used by its thread. */
    final class Place implements AutoCloseable {
        private final Entrance entrance;
        private @Nullable InetAddress client;

        private Place(Entrance entrance) {
            this.entrance = entrance;
            all.incrementAndGet();
            entrance.own.incrementAndGet();
        }

        /**
         * The session is this client's, and from now on no other's.
         *
         * @return whether that one may have it; if not, all stays as it was
         */
        boolean isFor(InetAddress address) {
            if (!claim(address, entrance.limits.sessionsPerAddress())) {
                return false;
            }
            releaseClient();
            client = address;
            return true;
        }

        @Override
        public void close() {
            releaseClient();
            entrance.own.decrementAndGet();
            all.decrementAndGet();
        }

        private void releaseClient() {
            if (client != null) {
                release(client);
                client = null;
            }
        }
    }
}
