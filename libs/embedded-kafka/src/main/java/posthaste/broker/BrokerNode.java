package posthaste.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Time;

/** One node, broker and controller in one, running on a folder. */
final class BrokerNode implements AutoCloseable {
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    private static final String CLIENT_LISTENER = "PLAINTEXT";

    private final BrokerFolder folder;
    private final KafkaRaftServer server;

    private BrokerNode(BrokerFolder folder, KafkaRaftServer server) {
        this.folder = folder;
        this.server = server;
    }

    /**
     * Where a node listens and who votes.
     *
     * @param voters as {@code controller.quorum.voters} wants them
     * @param replicas of the broker's own topics
     */
    record Place(int nodeId, int clientPort, int controllerPort, String voters, int replicas) {}

    static BrokerNode start(Path path, String clusterId, Place place, BrokerSettings settings) {
        Ports.requireFree(place.clientPort());
        Ports.requireFree(place.controllerPort());
        BrokerFolder folder = BrokerFolder.open(path, place.nodeId());
        KafkaRaftServer server = null;
        boolean serving = false;
        try {
            if (!folder.isFormatted()) {
                folder.format(place.nodeId(), clusterId);
            }
            KafkaConfig config = new KafkaConfig(properties(folder.path(), place, settings));
            server = new KafkaRaftServer(config, Time.SYSTEM);
            server.startup();
            serving = true;
            return new BrokerNode(folder, server);
        } catch (KafkaException e) {
            throw new BrokerStartException(
                    "the broker in %s does not start: %s".formatted(folder.path(), e.getMessage()),
                    e);
        } finally {
            if (!serving) {
                if (server != null) {
                    server.shutdown();
                }
                folder.close();
            }
        }
    }

    /** Hands its partitions over and marks its logs clean, so that the next start is quick. */
    @Override
    public void close() {
        try {
            server.shutdown();
            server.awaitShutdown();
        } finally {
            folder.close();
        }
    }

    private static Map<String, String> properties(
            Path folder, Place place, BrokerSettings settings) {
        Map<String, String> p = new HashMap<>();
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(place.nodeId()));
        p.put("controller.quorum.voters", place.voters());
        p.put("controller.listener.names", CONTROLLER_LISTENER);
        String client = "%s://127.0.0.1:%d".formatted(CLIENT_LISTENER, place.clientPort());
        String controller =
                "%s://127.0.0.1:%d".formatted(CONTROLLER_LISTENER, place.controllerPort());
        p.put("listeners", client + "," + controller);
        p.put("advertised.listeners", client + "," + controller);
        p.put("inter.broker.listener.name", CLIENT_LISTENER);
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("log.dirs", folder.toString());

        // Topics are made by plan, never by a misspelt name.
        p.put("auto.create.topics.enable", "false");
        String replicas = Integer.toString(place.replicas());
        String inSync = Integer.toString(Math.max(1, place.replicas() - 1));
        p.put("default.replication.factor", replicas);
        p.put("min.insync.replicas", inSync);
        p.put("offsets.topic.replication.factor", replicas);
        p.put("transaction.state.log.replication.factor", replicas);
        p.put("transaction.state.log.min.isr", inSync);
        p.put("share.coordinator.state.topic.replication.factor", replicas);
        p.put("share.coordinator.state.topic.min.isr", inSync);
        // One partition each: commits of all groups then share one write and one flush.
        p.put("offsets.topic.num.partitions", "1");
        p.put("transaction.state.log.num.partitions", "1");
        p.put("share.coordinator.state.topic.num.partitions", "1");

        // Nothing leaves by age or size unless a topic says so, offsets never (invariant 8).
        p.put("log.retention.ms", "-1");
        p.put("log.retention.bytes", "-1");
        p.put("offsets.retention.minutes", Integer.toString(Integer.MAX_VALUE));
        if (settings.flushEveryRecord()) {
            p.put("log.flush.interval.messages", "1");
        }

        // After a kill -9 the next start waits until the predecessor's session is over; a process
        // that stalls longer than that, as on a machine with forty others, fences its own broker.
        p.put("broker.session.timeout.ms", "6000");
        p.put("broker.heartbeat.interval.ms", "500");
        p.put("controlled.shutdown.enable", "true");

        String session = Long.toString(settings.groupSessionTimeout().toMillis());
        String heartbeat = Long.toString(settings.groupHeartbeatInterval().toMillis());
        p.put("group.consumer.min.session.timeout.ms", session);
        p.put("group.consumer.session.timeout.ms", session);
        p.put("group.consumer.min.heartbeat.interval.ms", heartbeat);
        p.put("group.consumer.heartbeat.interval.ms", heartbeat);
        p.put("group.min.session.timeout.ms", session);
        p.put("group.initial.rebalance.delay.ms", "0");

        // One process serves few clients. The request handlers stay eight: they wait for the disk.
        p.put("num.network.threads", "2");
        p.put("num.io.threads", "8");
        p.put("num.replica.fetchers", "1");
        p.put("background.threads", "2");
        p.put("group.coordinator.threads", "1");
        p.put("share.coordinator.threads", "1");
        p.put("log.cleaner.threads", "1");
        p.put("log.cleaner.dedupe.buffer.size", "4194304");
        p.put("log.index.size.max.bytes", "1048576");

        p.putAll(settings.properties());
        return p;
    }
}
