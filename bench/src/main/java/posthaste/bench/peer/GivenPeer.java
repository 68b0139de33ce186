package posthaste.bench.peer;

import java.net.InetSocketAddress;
import java.util.Optional;
import posthaste.bench.machine.ProcessTree;

/**
 * A relay that somebody else has started, and that sends to our sink.
 *
 * @param name for the table
 * @param durability as far as it is known
 */
public record GivenPeer(String name, String durability, InetSocketAddress address) implements Peer {

    @Override
    public Optional<ProcessTree> processes() {
        return Optional.empty();
    }

    @Override
    public void stop() {
        // It is not ours to stop.
    }
}
