package posthaste.broker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/** Several nodes in one process, with replication, so that tests can stop one of them. */
public final class EmbeddedCluster implements AutoCloseable {
    private final Path folder;
    private final String clusterId;
    private final BrokerSettings settings;
    private final Map<Integer, BrokerNode.Place> places = new TreeMap<>();
    private final Map<Integer, BrokerNode> running = new TreeMap<>();

    private EmbeddedCluster(
            Path folder, String clusterId, BrokerSettings settings, List<BrokerNode.Place> nodes) {
        this.folder = folder;
        this.clusterId = clusterId;
        this.settings = settings;
        for (BrokerNode.Place place : nodes) {
            places.put(place.nodeId(), place);
        }
    }

    /** Starts nodes 1 to {@code nodes}, each keeping a replica of everything. */
    public static EmbeddedCluster start(Path folder, int nodes, BrokerSettings settings) {
        List<Integer> ports = Ports.free(2 * nodes);
        String voters =
                IntStream.rangeClosed(1, nodes)
                        .mapToObj(id -> id + "@127.0.0.1:" + ports.get(2 * id - 1))
                        .collect(Collectors.joining(","));
        List<BrokerNode.Place> places = new ArrayList<>();
        for (int id = 1; id <= nodes; id++) {
            places.add(
                    new BrokerNode.Place(
                            id, ports.get(2 * id - 2), ports.get(2 * id - 1), voters, nodes));
        }
        EmbeddedCluster cluster =
                new EmbeddedCluster(folder, Uuid.randomUuid().toString(), settings, places);
        try {
            cluster.startAll();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    public String bootstrapServers() {
        return places.values().stream()
                .map(place -> "127.0.0.1:" + place.clientPort())
                .collect(Collectors.joining(","));
    }

    /** Stops one node in good order. */
    public void stopNode(int nodeId) {
        BrokerNode node = running.remove(nodeId);
        if (node == null) {
            throw new IllegalArgumentException("node " + nodeId + " does not run");
        }
        node.close();
    }

    /** Starts a stopped node again, on the same ports. */
    public void startNode(int nodeId) {
        BrokerNode.Place place = places.get(nodeId);
        if (place == null || running.containsKey(nodeId)) {
            throw new IllegalArgumentException("node " + nodeId + " is unknown or runs");
        }
        running.put(nodeId, launch(place));
    }

    @Override
    public void close() {
        // At once: a last node alone has no quorum to ask for its controlled shutdown.
        List<BrokerNode> nodes = List.copyOf(running.values());
        running.clear();
        try (ExecutorService threads = Executors.newFixedThreadPool(places.size())) {
            nodes.forEach(node -> threads.execute(node::close));
        }
    }

    private void startAll() {
        Map<Integer, Future<BrokerNode>> starting = new TreeMap<>();
        // At once: a node's start returns when there is a quorum.
        try (ExecutorService threads = Executors.newFixedThreadPool(places.size())) {
            places.forEach((id, place) -> starting.put(id, threads.submit(() -> launch(place))));
        }
        BrokerStartException failure = null;
        for (Map.Entry<Integer, Future<BrokerNode>> node : starting.entrySet()) {
            try {
                running.put(node.getKey(), node.getValue().get());
            } catch (ExecutionException e) {
                failure =
                        new BrokerStartException(
                                "node %d does not start: %s".formatted(node.getKey(), e.getCause()),
                                e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure = new BrokerStartException("interrupted while the cluster started", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private BrokerNode launch(BrokerNode.Place place) {
        return BrokerNode.start(
                folder.resolve("node-" + place.nodeId()), clusterId, place, settings);
    }
}
