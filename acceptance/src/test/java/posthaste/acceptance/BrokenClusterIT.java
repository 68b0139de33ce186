package posthaste.acceptance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import posthaste.acceptance.cluster.Broker;
import posthaste.acceptance.cluster.Cluster;
import posthaste.acceptance.cluster.Part;
import posthaste.acceptance.cluster.SmallDisk;
import posthaste.testing.ScriptedSmtpPeer;

/**
 * Every part of a cluster is broken, one after another, under a steady load: what it had in hand
 * comes through by way of the others, and in the end all of it is accounted for.
 */
@Tag("full")
class BrokenClusterIT {
    private static final int CLIENTS = 6;
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** Records being handled at once: together with what a commit covers, the most that repeat. */
    private static final int IN_FLIGHT = 60;

    /** Promised are 15 s on a machine that is not busy with a dozen other processes. */
    private static final int TAKEOVER_SECONDS = 60;

    private static final int DRAIN_SECONDS = 180;

    /** The logs of this test take a tenth of it. */
    private static final int DISK_MEBIBYTES = 256;

    private final Ledger ledger = new Ledger();
    private final List<String> faults = new ArrayList<>();
    private ScriptedSmtpPeer peer;
    private Cluster cluster;

    private interface Breaking {
        void happen() throws Exception;
    }

    @Test
    void brokenPartByPartUnderLoadItLosesNothing() throws Exception {
        peer = ScriptedSmtpPeer.start();
        for (int i = 0; i < 200; i++) {
            peer.onRcpt(SteadyLoad.recipient(i * 20)).once().reply("451 4.7.1 come back later");
            peer.onRcpt(SteadyLoad.recipient(i * 20 + 1)).reply("550 5.1.1 no such user here");
        }
        try (ScriptedSmtpPeer _ = peer;
                Cluster described =
                        Cluster.plan("broken-cluster")
                                .relayingTo(peer.hostAndPort())
                                .with("posthaste.queue.in-flight", IN_FLIGHT)
                                .bodiesInStore()
                                .describe();
                SmallDisk disk =
                        SmallDisk.over(described.brokers().getLast().folder(), DISK_MEBIBYTES)) {
            cluster = described;
            cluster.start();
            try (SteadyLoad _ = new SteadyLoad(listeners(), CLIENTS, PAUSE, ledger)) {
                awaitAccepted(50);
                breakServices();
                breakBrokers(disk);
                breakStores();
                awaitAccepted(50);
            }
            await().atMost(DRAIN_SECONDS, SECONDS)
                    .until(() -> ledger.open(peer.accepted()).isEmpty());
            RestClient rest =
                    new RestClient(cluster.web(1), Cluster.WEB_USER, Cluster.WEB_PASSWORD);
            await().atMost(DRAIN_SECONDS, SECONDS)
                    .untilAsserted(() -> {
                        var audit = rest.audit();
                        assertThat(audit.get("queued").asLong()).isZero();
                        assertThat(audit.get("unaccounted").asLong()).isZero();
                        assertThat(audit.get("accepted").asLong())
                                .isGreaterThanOrEqualTo(ledger.ok());
                    });
            Ledger.Count count = ledger.count(peer.accepted());
            faults.forEach(System.out::println);
            System.out.println("ledger of a broken cluster: " + count);
            assertThat(count.loss()).isEmpty();
            assertThat(count.phantom()).isEmpty();
            assertThat(count.corrupt()).isEmpty();
            assertThat(count.duplicates()).isLessThanOrEqualTo(faults.size() * 2 * IN_FLIGHT);
        }
    }

    private void breakServices() throws Exception {
        for (String kind : List.of("ingest", "delivery", "fallback", "bounce")) {
            Part part = cluster.services(kind).getFirst();
            broken("kill -9 of " + part, part::kill);
            part.start();
        }
    }

    private void breakBrokers(SmallDisk disk) throws Exception {
        Broker first = cluster.brokers().get(0);
        broken("kill -9 of " + first, first::kill);
        first.start();
        awaitAllCopies();

        Broker second = cluster.brokers().get(1);
        broken(
                "kill -9 of " + second + " and loss of its disk",
                () -> {
                    second.kill();
                    second.wipe();
                });
        second.start();
        awaitAllCopies();

        Broker third = cluster.brokers().get(2);
        broken("SIGSTOP of " + third, third::pause);
        third.resume();
        awaitAllCopies();

        // Kafka halts when it next writes; or a thread of it dies, and it is of no more use.
        broken("full disk of " + third, disk::fill);
        if (third.isRunning()) {
            third.kill();
        }
        disk.relieve();
        third.start();
        awaitAllCopies();
    }

    private void breakStores() throws Exception {
        // No mail waits for it.
        broken("kill -9 of the database", cluster.database()::kill);
        cluster.database().start();

        // Until it is back nothing is accepted, and no attempt counted.
        broken(
                "kill -9 of the object store and its restart",
                () -> {
                    cluster.store().kill();
                    cluster.store().start();
                });
    }

    /** Breaks something; what was accepted until then arrives all the same. */
    private void broken(String what, Breaking breaking) throws Exception {
        breaking.happen();
        Set<String> inHand = new HashSet<>(ledger.open(peer.accepted()));
        long accepted = ledger.ok();
        long begun = System.nanoTime();
        await().atMost(TAKEOVER_SECONDS, SECONDS)
                .until(() -> {
                    Set<String> open = ledger.open(peer.accepted());
                    return inHand.stream().noneMatch(open::contains);
                });
        Duration through = Duration.ofNanos(System.nanoTime() - begun);
        await().atMost(TAKEOVER_SECONDS, SECONDS).until(() -> ledger.ok() >= accepted + 20);
        faults.add(
                "%s: %d mails in hand through after %.1f s, 20 more accepted after %.1f s"
                        .formatted(
                                what,
                                inHand.size(),
                                through.toMillis() / 1e3,
                                (System.nanoTime() - begun) / 1e9));
    }

    private void awaitAllCopies() {
        await().atMost(DRAIN_SECONDS, SECONDS).until(() -> cluster.replicas().lacking().isEmpty());
    }

    private void awaitAccepted(int more) {
        long wanted = ledger.ok() + more;
        await().atMost(TAKEOVER_SECONDS, SECONDS).until(() -> ledger.ok() >= wanted);
    }

    private List<InetSocketAddress> listeners() {
        return cluster.services("ingest").stream()
                .map(ingest ->
                        new InetSocketAddress(
                                InetAddress.ofLiteral(ingest.home().address()), ingest.smtpPort()))
                .toList();
    }
}
