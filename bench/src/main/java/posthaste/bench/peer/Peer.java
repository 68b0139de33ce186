package posthaste.bench.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import posthaste.bench.machine.ProcessTree;

/** A relay under test, which runs until it is stopped. */
public interface Peer {

    String name();

    /** What it has done when it says 250, as its configuration asks. */
    String durability();

    InetSocketAddress address();

    /** What it consists of; empty when it runs elsewhere. */
    Optional<ProcessTree> processes();

    /** Returns when it has ended. */
    void stop() throws IOException, InterruptedException;
}
