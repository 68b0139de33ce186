package posthaste.acceptance.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.testing.Requires;

/**
 * The whole: three brokers, a database, an object store, and two of each service. What each part
 * says stands below {@code acceptance/target/cluster-logs/NAME}. Everything ends with {@link
 * #close}, or with this JVM.
 */
public final class Cluster implements AutoCloseable {
    public static final int BROKERS = 3;
    public static final int TWINS = 2;
    public static final String WEB_USER = "admin";
    public static final String WEB_PASSWORD = "acceptance";

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    private final Path data;
    private final Path logs;
    private final String host;
    private final List<Broker> brokers = new ArrayList<>();
    private final Map<String, List<Service>> services = new LinkedHashMap<>();
    private final Database database;
    private final ObjectStore store;

    /** What the services stand on. */
    private final List<Part> bases;

    /** What differs from one cluster to the next. */
    public static final class Plan {
        private final String name;
        private final Map<String, String> brokerSettings = new LinkedHashMap<>(Settings.broker());
        private final Map<String, String> properties = new LinkedHashMap<>(Settings.service());

        private Neighbourhood neighbourhood = Neighbourhood.onLoopback();
        private boolean bodiesInStore;

        private Plan(String name) {
            this.name = name;
        }

        /** A property of all services. */
        public Plan with(String property, Object value) {
            properties.put(property, value.toString());
            return this;
        }

        /** A setting of all brokers. */
        public Plan withBroker(String setting, Object value) {
            brokerSettings.put(setting, value.toString());
            return this;
        }

        /** The next hop of all mail, as {@code HOST:PORT}. */
        public Plan relayingTo(String hostAndPort) {
            return with("posthaste.routing.relay-to", hostAndPort);
        }

        /** Bodies go to the object store, instead of a folder that all services share. */
        public Plan bodiesInStore() {
            this.bodiesInStore = true;
            return this;
        }

        /** Where its parts live; on addresses of the loopback network unless told otherwise. */
        public Plan in(Neighbourhood other) {
            this.neighbourhood = other;
            return this;
        }

        /** Describes the parts; none is started. */
        public Cluster describe() throws InterruptedException {
            return new Cluster(this);
        }

        /** Starts everything and waits until it is ready. */
        public Cluster start() throws InterruptedException {
            Cluster cluster = describe();
            try {
                cluster.start();
                return cluster;
            } catch (InterruptedException | RuntimeException | Error e) {
                cluster.close();
                throw e;
            }
        }
    }

    private Cluster(Plan plan) throws InterruptedException {
        this.logs =
                Requires.repositoryRoot().resolve("acceptance/target/cluster-logs/" + plan.name);
        Part.delete(logs);
        try {
            this.data = Files.createTempDirectory("posthaste-cluster");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Neighbourhood neighbourhood = plan.neighbourhood;
        this.host = neighbourhood.host();
        List<Home> brokerHomes = new ArrayList<>();
        for (int id = 1; id <= BROKERS; id++) {
            brokerHomes.add(neighbourhood.next());
        }
        Broker.Quorum quorum =
                new Broker.Quorum(
                        Uuid.randomUuid().toString(), Broker.Quorum.votersAt(brokerHomes));
        for (int id = 1; id <= BROKERS; id++) {
            String name = "broker-" + id;
            brokers.add(
                    new Broker(
                            id,
                            brokerHomes.get(id - 1),
                            data.resolve(name),
                            log(name),
                            quorum,
                            plan.brokerSettings));
        }
        this.database =
                new Database(
                        neighbourhood.next(),
                        data.resolve("database"),
                        log("database"),
                        Requires.repositoryRoot().resolve("acceptance/target/postgres"));
        this.store = new ObjectStore(neighbourhood.next(), data.resolve("store"), log("store"));
        Map<String, String> shared = new LinkedHashMap<>();
        shared.put("posthaste.kafka.bootstrap-servers", bootstrapServers());
        if (plan.bodiesInStore) {
            shared.putAll(store.properties());
        } else {
            shared.put("posthaste.body.folders", data.resolve("bodies").toString());
        }
        this.bases =
                Stream.concat(
                                brokers.stream(),
                                plan.bodiesInStore
                                        ? Stream.of(database, store)
                                        : Stream.of(database))
                        .toList();
        shared.putAll(plan.properties);
        for (String kind : List.of("ingest", "delivery", "fallback", "bounce")) {
            ServiceJar jar = ServiceJar.of(kind);
            List<Service> twins = new ArrayList<>();
            for (int i = 1; i <= TWINS; i++) {
                String name = kind + "-" + i;
                Home home = neighbourhood.next();
                Map<String, String> properties = new LinkedHashMap<>(shared);
                properties.putAll(Settings.of(kind, home, database));
                twins.add(new Service(name, home, data.resolve(name), log(name), jar, properties));
            }
            services.put(kind, List.copyOf(twins));
        }
    }

    /** Takes its name, that of the folder of its logs. */
    public static Plan plan(String name) {
        return new Plan(name);
    }

    public List<Broker> brokers() {
        return List.copyOf(brokers);
    }

    /** The twins of {@code ingest}, {@code delivery}, {@code fallback} or {@code bounce}. */
    public List<Service> services(String kind) {
        return services.get(kind);
    }

    public List<Service> services() {
        return services.values().stream().flatMap(List::stream).toList();
    }

    public Database database() {
        return database;
    }

    /** Where the bodies are, if so planned. */
    public ObjectStore store() {
        return store;
    }

    /** In the order in which they are best started. */
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>(bases);
        parts.addAll(services());
        return parts;
    }

    public Part part(String name) {
        return parts().stream().filter(part -> part.name().equals(name)).findFirst().orElseThrow();
    }

    /** The address of this JVM, at which the parts reach a server in it. */
    public String host() {
        return host;
    }

    public String bootstrapServers() {
        return brokers.stream().map(Broker::bootstrapServer).collect(Collectors.joining(","));
    }

    /** Page and REST of one of the two bounce-services, which have the same to say. */
    public URI web(int twin) {
        Service bounce = services("bounce").get(twin - 1);
        return URI.create("http://" + bounce.home().at(bounce.webPort()));
    }

    /** What of the brokers' partitions has all of its copies, and who leads. */
    public Replicas replicas() {
        return new Replicas(bootstrapServers());
    }

    /** Starts what does not run, and waits until all of it is ready. */
    public void start() throws InterruptedException {
        long begun = System.nanoTime();
        // The brokers have to agree with each other, in which nobody should stand in their way.
        startAtOnce(bases);
        for (List<Service> twins : services.values()) {
            startAtOnce(twins);
        }
        LOG.info("cluster ready after {}", Duration.ofNanos(System.nanoTime() - begun));
    }

    private static void startAtOnce(List<? extends Part> parts) throws InterruptedException {
        for (Part part : parts) {
            if (!part.isRunning()) {
                part.launch();
            }
        }
        for (Part part : parts) {
            part.awaitReady();
        }
    }

    @Override
    public void close() {
        // The readers first: they would only complain of what they read.
        parts().reversed().forEach(Part::close);
        Part.delete(data);
    }

    private Path log(String part) {
        return logs.resolve(part + ".log");
    }
}
