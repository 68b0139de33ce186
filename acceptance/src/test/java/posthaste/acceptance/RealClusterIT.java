package posthaste.acceptance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import posthaste.acceptance.cluster.Cluster;
import posthaste.acceptance.cluster.Service;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SmtpDialogue;
import tools.jackson.databind.JsonNode;

/** Brokers, database, object store, two of each service, each a process of its own: unbroken. */
class RealClusterIT {
    private static ScriptedSmtpPeer peer;
    private static Cluster cluster;

    @BeforeAll
    static void start() throws InterruptedException {
        peer = ScriptedSmtpPeer.start();
        cluster =
                Cluster.plan("real-cluster").relayingTo(peer.hostAndPort()).bodiesInStore().start();
    }

    @AfterAll
    static void close() {
        if (cluster != null) {
            cluster.close();
        }
        peer.close();
    }

    @Test
    void mailsTakenByEitherIngestArriveAndAreAccountedFor() {
        peer.onRcpt("grey@x.example").once().reply("451 4.7.1 come back later");
        peer.onRcpt("nobody@x.example").reply("550 5.1.1 no such user here");
        RestClient rest = new RestClient(cluster.web(2), Cluster.WEB_USER, Cluster.WEB_PASSWORD);

        String plain = accept(1, "plain@x.example");
        String grey = accept(2, "grey@x.example");
        String nobody = accept(2, "nobody@x.example");

        await().atMost(60, SECONDS).until(() -> rest.finals(plain).containsValue("delivered"));
        await().atMost(60, SECONDS).until(() -> rest.finals(grey).containsValue("delivered"));
        await().atMost(60, SECONDS).until(() -> rest.finals(nobody).containsValue("bounced"));
        await().atMost(60, SECONDS).until(() -> isAllAccountedFor(rest.audit()));
        assertThat(peer.accepted())
                .anyMatch(mail ->
                        mail.reversePath().isEmpty()
                                && mail.recipients().contains("ada@sender.example"));
    }

    private static boolean isAllAccountedFor(JsonNode audit) {
        return audit.get("queued").asLong() == 0 && audit.get("unaccounted").asLong() == 0;
    }

    private static String accept(int twin, String recipient) {
        Service ingest = cluster.services("ingest").get(twin - 1);
        try (SmtpDialogue client =
                SmtpDialogue.connect(
                        InetAddress.ofLiteral("127.0.0.1"),
                        InetAddress.ofLiteral(ingest.home().address()),
                        ingest.smtpPort())) {
            client.expect(220);
            client.send("EHLO client.example").expect(250);
            return RunningPosthaste.idIn(
                    client.mail(
                            "ada@sender.example", List.of(recipient), Ledger.message(recipient)));
        }
    }
}
