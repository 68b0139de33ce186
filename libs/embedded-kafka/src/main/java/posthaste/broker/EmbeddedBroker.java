package posthaste.broker;

import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * A broker of one node in this process, durable under a folder.
 *
 * <p>When its folder fails (a full disk, say) Kafka halts the whole process: whoever embeds it
 * watches the free space.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final int NODE_ID = 1;

    private final BrokerNode node;
    private final int port;

    private EmbeddedBroker(BrokerNode node, int port) {
        this.node = node;
        this.port = port;
    }

    /**
     * Starts the broker, with what the folder holds or afresh; returns when it serves.
     *
     * @throws BrokerStartException when folder or port cannot be used
     */
    public static EmbeddedBroker start(Path folder, BrokerSettings settings) {
        List<Integer> free = Ports.free(2);
        int port = settings.port() == 0 ? free.get(0) : settings.port();
        int controllerPort = free.get(1);
        BrokerNode node =
                BrokerNode.start(
                        folder,
                        Uuid.randomUuid().toString(),
                        new BrokerNode.Place(
                                NODE_ID,
                                port,
                                controllerPort,
                                NODE_ID + "@127.0.0.1:" + controllerPort,
                                1),
                        settings);
        return new EmbeddedBroker(node, port);
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        node.close();
    }
}
