package posthaste.acceptance.cluster;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;

/** A node of the Kafka cluster, broker and controller in one. */
public final class Broker extends Part {
    static final int CLIENT_PORT = 19_092;
    static final int CONTROLLER_PORT = 19_093;

    private final int nodeId;
    private final Map<String, String> settings;
    private final Quorum quorum;

    /**
     * What all nodes agree on.
     *
     * @param voters as {@code controller.quorum.voters} wants them
     */
    record Quorum(String clusterId, String voters) {
        /** Node 1 lives at the first home. */
        static String votersAt(List<Home> homes) {
            return IntStream.range(0, homes.size())
                    .mapToObj(i -> (i + 1) + "@" + homes.get(i).at(CONTROLLER_PORT))
                    .collect(Collectors.joining(","));
        }
    }

    Broker(
            int nodeId,
            Home home,
            Path folder,
            Path log,
            Quorum quorum,
            Map<String, String> settings) {
        super("broker-" + nodeId, home, folder, log);
        this.nodeId = nodeId;
        this.quorum = quorum;
        this.settings = Map.copyOf(settings);
    }

    public int nodeId() {
        return nodeId;
    }

    /** {@code HOST:PORT} for clients. */
    public String bootstrapServer() {
        return home().at(CLIENT_PORT);
    }

    @Override
    List<String> command() {
        List<String> command = Quick.java("256m");
        command.add("-Dlogback.configurationFile=broker-logback.xml");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(BrokerMain.class.getName());
        command.add(propertiesFile().toString());
        command.add(quorum.clusterId());
        return command;
    }

    @Override
    void prepare() throws IOException {
        Properties properties = new Properties();
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", String.valueOf(nodeId));
        properties.setProperty("controller.quorum.voters", quorum.voters());
        properties.setProperty("controller.listener.names", "CONTROLLER");
        properties.setProperty("inter.broker.listener.name", "PLAINTEXT");
        properties.setProperty(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        String listeners =
                "PLAINTEXT://%s,CONTROLLER://%s"
                        .formatted(home().at(CLIENT_PORT), home().at(CONTROLLER_PORT));
        properties.setProperty("listeners", listeners);
        properties.setProperty("advertised.listeners", listeners);
        properties.setProperty("log.dirs", folder().toString());
        properties.putAll(settings);
        try (Writer out = Files.newBufferedWriter(propertiesFile())) {
            properties.store(out, null);
        }
    }

    /** Beside the folder, which may be lost. */
    private Path propertiesFile() {
        return folder().resolveSibling(name() + ".properties");
    }

    /** Whether it serves clients, in its own view of the cluster. */
    @Override
    boolean answers() throws InterruptedException {
        try (Admin admin =
                Admin.create(
                        Map.of(
                                "bootstrap.servers", bootstrapServer(),
                                "request.timeout.ms", 2000,
                                "default.api.timeout.ms", 2000))) {
            return admin.describeCluster().nodes().get().stream()
                    .anyMatch(node -> node.id() == nodeId);
        } catch (ExecutionException _) {
            // It does not answer yet.
            return false;
        }
    }
}
