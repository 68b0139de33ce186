package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SmtpDialogue;
import posthaste.testing.Transaction;
import tools.jackson.databind.JsonNode;

/** Streams and the suppression list through the whole. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int CONNECTIONS = 2;

    private final ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
    private RunningPosthaste posthaste;
    private Path temp;

    @BeforeAll
    void start(@TempDir Path folder) {
        temp = folder;
        peer.onDot().after(Duration.ofMillis(150)).replyAsUsual();
        peer.onRcpt("gone@x.example").reply("550 5.1.1 no such user");
        posthaste =
                RunningPosthaste.on(folder.resolve("data"))
                        .relayingTo(peer.hostAndPort())
                        .with("posthaste.outbound.start-connections", CONNECTIONS)
                        .with("posthaste.outbound.max-connections", CONNECTIONS)
                        .start();
    }

    @AfterAll
    void stop() {
        posthaste.close();
        peer.close();
    }

    @Test
    void aMailSaysWhichStreamItIsIn() {
        String id = posthaste.accept("a@b.example", List.of("stream@x.example"), mail("bulk"));
        JsonNode message =
                await().atMost(SOON)
                        .until(() -> posthaste.rest().message(id), told -> told.has("stream"));
        assertThat(message.get("stream").asString()).isEqualTo("bulk");

        try (SmtpDialogue client = posthaste.client()) {
            client.send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<stream@x.example>").expect(250);
            client.send("DATA").expect(354);
            assertThat(client.sendMessage(mail("nosuch")).reply())
                    .hasToString(
                            "550 5.7.1 there is no such stream for this mail; there are:"
                                    + " transactional, bulk");
        }
    }

    @Test
    void aTransactionalMailIsTriedBeforeTheCampaignThatWaitsForTheSameDestination() {
        campaign(300, 4);
        int before = bulkBegun();
        posthaste.accept("a@b.example", List.of("reset@x.example"), mail("transactional"));
        await().atMost(SOON).until(() -> taken("reset@x.example"));

        List<Transaction> all = peer.accepted();
        int reset =
                all.indexOf(
                        all.stream()
                                .filter(one -> one.recipients().contains("reset@x.example"))
                                .findFirst()
                                .orElseThrow());
        long further = all.subList(0, reset).stream().filter(StreamsIT::isBulk).count() - before;
        assertThat(before + further).as("the campaign was not over").isLessThan(250);
        assertThat(further)
                .as("what was under way, and what was taken while it came")
                .isLessThanOrEqualTo(20L);
    }

    @Test
    void whoDoesNotExistIsRefusedAtRcptFromThenOnAndACommandTakesItBack() {
        posthaste.accept("a@b.example", List.of("gone@x.example"), mail("transactional"));
        await().atMost(SOON)
                .until(() -> rcpt("Gone@X.example").startsWith("550 5.7.1 <Gone@X.example>... "));
        assertThat(rcpt("gone@x.example")).contains("suppressed: hard-bounce, since ");

        String data = "--data-dir=" + posthaste.dataDir();
        Command list = Command.run(temp, "suppression", "list", "gone", "--json", data);
        assertThat(list.err()).isEmpty();
        assertThat(list.json().get("suppressions").get(0).get("reason").asString())
                .contains("no such user");
        Command removed =
                Command.run(temp, "suppression", "remove", "gone@x.example", "--reason=back", data);
        assertThat(removed.status()).as(removed.err()).isZero();
        await().atMost(SOON).until(() -> rcpt("gone@x.example").startsWith("250 "));
    }

    /** Figures for docs/operations.md. */
    @Test
    @Tag("full")
    void twentyThousandCampaignMailsDoNotDelayAPasswordReset() throws Exception {
        List<Long> without = resets(100, "alone");
        campaign(20_000, 16);
        List<Long> with = resets(100, "beside");
        assertThat(bulkBegun()).as("the campaign was not over").isLessThan(15_000);
        System.out.printf(
                "transactional, accepted to taken: alone p50 %d ms, p99 %d ms; beside 20,000 bulk p50 %d ms,"
                        + " p99 %d ms%n",
                without.get(50), without.get(98), with.get(50), with.get(98));
        assertThat(with.get(98)).isLessThan(SOON.toMillis());
    }

    /** A million addresses, by the command. */
    @Test
    @Tag("full")
    void aMillionAddressesAreImportedInABoundedTime() throws Exception {
        Path file = temp.resolve("million.txt");
        try (var out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < 1_000_000; i++) {
                out.write("user" + i + "@suppressed.example\n");
            }
        }
        String data = "--data-dir=" + posthaste.dataDir();
        long begun = System.nanoTime();
        Command done = Command.run(temp, "suppression", "import", file.toString(), "--json", data);
        assertThat(done.json().get("imported").asLong()).isEqualTo(1_000_000);
        long imported = System.nanoTime();
        await().atMost(Duration.ofMinutes(2))
                .until(() -> rcpt("user999999@suppressed.example").startsWith("550 "));
        long inForce = System.nanoTime();
        await().atMost(Duration.ofMinutes(10))
                .until(() ->
                        posthaste
                                .rest()
                                .get("/api/v1/suppressions?address=user999999@suppressed.example")
                                .body()
                                .contains("manual"));
        System.out.printf(
                "a million addresses: imported in %d s, in force %d ms later, searchable %d s later%n",
                Duration.ofNanos(imported - begun).toSeconds(),
                Duration.ofNanos(inForce - imported).toMillis(),
                Duration.ofNanos(System.nanoTime() - imported).toSeconds());
    }

    private List<Long> resets(int many, String name) {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            String recipient = name + i + "@x.example";
            posthaste.accept("a@b.example", List.of(recipient), mail("transactional"));
            long accepted = System.nanoTime();
            await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> taken(recipient));
            millis.add(Duration.ofNanos(System.nanoTime() - accepted).toMillis());
        }
        millis.sort(null);
        return millis;
    }

    /** Hands in bulk mail until {@code many} are accepted. */
    private void campaign(int many, int sessions) {
        try (ExecutorService clients = Executors.newFixedThreadPool(sessions)) {
            List<Future<?>> handedIn = new ArrayList<>();
            for (int s = 0; s < sessions; s++) {
                handedIn.add(
                        clients.submit(() -> {
                            try (SmtpDialogue client = posthaste.client()) {
                                for (int i = 0; i < many / sessions; i++) {
                                    RunningPosthaste.idIn(
                                            client.mail(
                                                    "news@b.example",
                                                    List.of("reader@x.example"),
                                                    mail("bulk")));
                                }
                            }
                        }));
            }
            for (Future<?> one : handedIn) {
                one.get();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private int bulkBegun() {
        return (int) peer.transactions().stream().filter(StreamsIT::isBulk).count();
    }

    private static boolean isBulk(Transaction one) {
        return one.recipients().contains("reader@x.example");
    }

    private boolean taken(String recipient) {
        return peer.accepted().stream().anyMatch(one -> one.recipients().contains(recipient));
    }

    private String rcpt(String address) {
        try (SmtpDialogue client = posthaste.client()) {
            client.send("MAIL FROM:<a@b.example>").expect(250);
            return client.send("RCPT TO:<" + address + ">").reply().toString();
        }
    }

    private static byte[] mail(String stream) {
        return ("X-Posthaste-Stream: " + stream + "\r\nSubject: x\r\n\r\nx\r\n").getBytes(US_ASCII);
    }
}
