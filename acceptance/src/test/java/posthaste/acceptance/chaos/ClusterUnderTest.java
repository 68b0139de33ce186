package posthaste.acceptance.chaos;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import posthaste.acceptance.RestClient;
import posthaste.acceptance.chaos.Behaviour.NextHop;
import posthaste.acceptance.cluster.Broker;
import posthaste.acceptance.cluster.Cluster;
import posthaste.acceptance.cluster.Network;
import posthaste.acceptance.cluster.Part;
import posthaste.testing.s3.S3Fault;
import posthaste.testing.s3.S3ServerControl;

/** Three brokers, a database, two of each service: each a process of its own. */
final class ClusterUnderTest implements SystemUnderTest {
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(10);
    private static final List<String> KINDS = List.of("ingest", "delivery", "fallback", "bounce");

    /** Longer than a consumer's session, which is 5 s in this cluster. */
    private static final int BEYOND_A_SESSION = 8;

    private static final int UNTIL_ALL_COPIES = 180;

    private final Cluster cluster;
    private final @Nullable Network network;

    private ClusterUnderTest(Cluster cluster, @Nullable Network network) {
        this.cluster = cluster;
        this.network = network;
    }

    /** On addresses of the loopback network. */
    static ClusterUnderTest start(Path folder, RecordingSink sink) throws InterruptedException {
        return new ClusterUnderTest(plan(sink).start(), null);
    }

    /** Each part in a network of its own, so that cables can be pulled. */
    static ClusterUnderTest startInNetwork(Path folder, RecordingSink sink)
            throws InterruptedException {
        Network network = Network.create();
        try {
            sink.listenAt(InetAddress.ofLiteral(network.host()));
            Cluster cluster =
                    plan(sink)
                            .in(network)
                            .with("posthaste.smtp.trusted-networks", network.host() + "/32")
                            .start();
            return new ClusterUnderTest(cluster, network);
        } catch (InterruptedException | RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    private static Cluster.Plan plan(RecordingSink sink) {
        Cluster.Plan plan =
                Cluster.plan("chaos")
                        .bodiesInStore()
                        .relayingTo(sink.hostAndPort(NextHop.QUICK))
                        .with("posthaste.retry.tiers", "1s,2s,5s")
                        .with("posthaste.queue.commit-interval", COMMIT_INTERVAL.toMillis() + "ms")
                        .with("posthaste.outbound.probe-interval", "1s")
                        .with("posthaste.audit.grace", "60s")
                        // What nobody needs goes within minutes, so that what somebody needs could.
                        .with("posthaste.body.slot", "10s")
                        .with("posthaste.s3.operation-wait", "10s")
                        .with("posthaste.body.primary-bound", "1m")
                        .with("posthaste.body.deferred-bound", "5m")
                        .with("posthaste.janitor.grace", "1m")
                        .with("posthaste.janitor.interval", "5s");
        for (NextHop hop : NextHop.values()) {
            for (String domain : hop.domains()) {
                plan.with("posthaste.routing.routes[" + domain + "]", sink.hostAndPort(hop));
            }
        }
        return plan;
    }

    @Override
    public String name() {
        return "cluster";
    }

    @Override
    public List<InetSocketAddress> submission() {
        return cluster.services("ingest").stream()
                .map(ingest ->
                        new InetSocketAddress(
                                InetAddress.ofLiteral(ingest.home().address()), ingest.smtpPort()))
                .toList();
    }

    @Override
    public RestClient rest() {
        return new RestClient(cluster.web(1), Cluster.WEB_USER, Cluster.WEB_PASSWORD);
    }

    @Override
    public Duration commitInterval() {
        return COMMIT_INTERVAL;
    }

    @Override
    public List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (String kind : KINDS) {
            faults.add(
                    Fault.of(
                            "kill -9 of " + kind + "-service",
                            (strike, random) -> kill(strike, oneOf(kind, random))));
        }
        faults.add(Fault.of("SIGTERM of a service", this::terminate));
        faults.add(Fault.of("rolling restart of all services", this::rollingRestart));
        faults.add(Fault.of("broker killed", this::killBroker));
        faults.add(Fault.of("broker killed, its disk lost", this::loseBroker));
        faults.add(Fault.of("broker paused", this::pauseBroker));
        faults.add(Fault.of("zombie delivery-service", this::zombie));
        faults.add(Fault.of("database killed", this::killDatabase));
        faults.add(Fault.of("store refuses", storeFault(S3Fault.status(503).forShare(0.7))));
        faults.add(Fault.of("store is slow", storeFault(S3Fault.latency(Duration.ofSeconds(3)))));
        faults.add(Fault.of("store loses answers", storeFault(S3Fault.answerLost().forShare(0.5))));
        faults.add(Fault.of("store killed", this::killStore));
        if (network != null) {
            faults.add(Fault.of("broker cut off", this::isolateBroker));
            faults.add(Fault.of("delivery-service cut off from the brokers", this::cutDelivery));
        }
        return faults;
    }

    /** Until it is mended, some seconds later. */
    private Fault.Breaking storeFault(S3Fault fault) {
        return (strike, random) -> {
            try (S3ServerControl control = cluster.store().control()) {
                strike.outage("the store: " + fault, () -> control.add(fault));
                TimeUnit.MILLISECONDS.sleep(5000 + random.nextInt(10_000));
                control.clear();
            }
        };
    }

    private void killStore(Strike strike, Random random) throws Exception {
        strike.outage("kill -9 of the store", cluster.store()::kill);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(10_000));
        cluster.store().start();
    }

    private Part oneOf(String kind, Random random) {
        return cluster.services(kind).get(random.nextInt(Cluster.TWINS));
    }

    private void kill(Strike strike, Part part) throws Exception {
        strike.edge("kill -9 of " + part, part::kill);
        strike.waking("return of " + part, part::start);
    }

    private void terminate(Strike strike, Random random) throws Exception {
        Part part = oneOf(KINDS.get(random.nextInt(KINDS.size())), random);
        strike.edge("SIGTERM of " + part, part::stop);
        strike.waking("return of " + part, part::start);
    }

    private void rollingRestart(Strike strike, Random random) throws Exception {
        for (Part part : cluster.services()) {
            strike.edge("SIGTERM of " + part, part::stop);
            strike.waking("return of " + part, part::start);
        }
    }

    private Broker broker(Random random) {
        return cluster.brokers().get(random.nextInt(Cluster.BROKERS));
    }

    private void killBroker(Strike strike, Random random) throws Exception {
        Broker broker = broker(random);
        strike.edge("kill -9 of " + broker, broker::kill);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(5000));
        returning(strike, broker);
    }

    private void loseBroker(Strike strike, Random random) throws Exception {
        Broker broker = broker(random);
        strike.edge("kill -9 of " + broker, broker::kill);
        broker.wipe();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(5000));
        returning(strike, broker);
    }

    /** Leaders and coordinators change until all copies are there, and work with them. */
    private void returning(Strike strike, Broker broker) throws Exception {
        strike.waking(
                "return of " + broker,
                () -> {
                    broker.start();
                    awaitAllCopies();
                });
    }

    private void pauseBroker(Strike strike, Random random) throws Exception {
        Broker broker = broker(random);
        strike.edge("SIGSTOP of " + broker, broker::pause);
        TimeUnit.MILLISECONDS.sleep(2000 + random.nextInt(10_000));
        strike.waking("SIGCONT of " + broker, broker::resume);
        awaitAllCopies();
    }

    /** With one copy less nothing is lost; a second broker is broken only when all are there. */
    private void awaitAllCopies() {
        await().atMost(UNTIL_ALL_COPIES, SECONDS)
                .until(() -> cluster.replicas().lacking().isEmpty());
    }

    private void isolateBroker(Strike strike, Random random) throws Exception {
        Network lines = Objects.requireNonNull(network);
        Broker broker = broker(random);
        strike.edge("cable of " + broker + " pulled", () -> lines.isolate(broker));
        TimeUnit.MILLISECONDS.sleep(3000 + random.nextInt(12_000));
        strike.waking("cable of " + broker + " back", () -> lines.mend(broker));
        awaitAllCopies();
    }

    /** It goes on talking to the world, and can settle nothing. */
    private void cutDelivery(Strike strike, Random random) throws Exception {
        Network lines = Objects.requireNonNull(network);
        Part part = oneOf("delivery", random);
        for (Broker broker : cluster.brokers()) {
            strike.edge(part + " cut off from " + broker, () -> lines.cut(part, broker));
        }
        SECONDS.sleep(BEYOND_A_SESSION + random.nextInt(8));
        strike.waking("lines of " + part + " mended", () -> lines.mend(part));
    }

    /** It wakes up when its partitions are another's, with what it had in hand. */
    private void zombie(Strike strike, Random random) throws Exception {
        Part part = oneOf("delivery", random);
        strike.edge("SIGSTOP of " + part, part::pause);
        SECONDS.sleep(BEYOND_A_SESSION + random.nextInt(5));
        strike.waking("SIGCONT of " + part, part::resume);
    }

    private void killDatabase(Strike strike, Random random) throws Exception {
        strike.outage("kill -9 of PostgreSQL", cluster.database()::kill);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(5000));
        cluster.database().start();
        await().atMost(60, SECONDS).ignoreExceptions().until(() -> rest().audit().has("queued"));
    }

    @Override
    public void close() {
        cluster.close();
        if (network != null) {
            network.close();
        }
    }
}
