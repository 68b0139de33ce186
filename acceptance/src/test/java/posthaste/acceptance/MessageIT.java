package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import posthaste.testing.Requires;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SmtpDialogue;
import posthaste.testing.Transaction;

/** What becomes of single mails: one instance, one next hop. */
class MessageIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir static Path temp;
    private static ScriptedSmtpPeer peer;
    private static RunningPosthaste posthaste;

    @BeforeAll
    static void start() {
        peer = ScriptedSmtpPeer.start();
        posthaste =
                RunningPosthaste.on(temp.resolve("data with a space"))
                        .relayingTo(peer.hostAndPort())
                        .with("posthaste.retry.tiers", "1s,2s")
                        .start();
    }

    @AfterAll
    static void stop() {
        posthaste.close();
        peer.close();
    }

    @BeforeEach
    void forgetTheLastScript() {
        peer.forgetRules();
    }

    @Test
    void theReadyLineTellsWhereEverythingIs() {
        assertThat(posthaste.readyLine())
                .hasLineCount(1)
                .contains("127.0.0.1:" + posthaste.smtpPort())
                .contains("http://127.0.0.1:" + posthaste.webPort())
                .contains(posthaste.dataDir().toString())
                .doesNotContain(RunningPosthaste.PASSWORD);
    }

    static Stream<Arguments> messages() {
        return Stream.of(
                message("plain", "Subject: plain\r\n\r\nHello.\r\n"),
                message("without a header", "\r\nHello.\r\n"),
                message("without a body", "Subject: short\r\n"),
                message("lines of dots", "Subject: dots\r\n\r\n.\r\n..\r\n.x\r\n...\r\n \r\n.\r\n"),
                message("8-bit octets", "Subject: \u00e9\r\n\r\n\u0080\u00a0\u00ff\r\n"),
                message(
                        "UTF-8",
                        new String("\r\nGr\u00fc\u00dfe \u2603\r\n".getBytes(UTF_8), ISO_8859_1)),
                message("a line of 998 octets", "\r\n" + "x".repeat(998) + "\r\n"),
                message("blanks at line ends", "Subject: x \t\r\n\r\n  \r\n\t\r\n"),
                message("a folded header", "Subject: a\r\n\tb\r\n c\r\nX-Empty:\r\n\r\nx\r\n"));
    }

    private static Arguments message(String name, String octets) {
        return Arguments.of(name, octets.getBytes(ISO_8859_1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void whatIsRelayedIsWhatWasSubmitted(String name, byte[] message) throws Exception {
        String recipient = name.replaceAll("[^a-zA-Z0-9]", "-") + "@exact.example";
        posthaste.accept("ada@sender.example", List.of(recipient), message);

        assertThat(belowOurHeader(arrivedFor(recipient))).isEqualTo(message);
    }

    @Test
    void everyMailOfTheCorpusIsDeliveredExactlyOrRefusedWithAReason() throws Exception {
        Path corpus = Requires.sharedCorpus("messages");
        Map<String, byte[]> accepted = new HashMap<>();
        List<String> refused = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> all = Files.walk(corpus)) {
            files = all.filter(Files::isRegularFile).filter(MessageIT::isMail).sorted().toList();
        }
        try (SmtpDialogue client = posthaste.client()) {
            for (Path file : files) {
                byte[] message = withLineEndsOfAClient(Files.readAllBytes(file));
                String recipient =
                        "corpus-" + accepted.size() + "-" + refused.size() + "@corpus.example";
                SmtpDialogue.Reply reply =
                        client.mail("ada@sender.example", List.of(recipient), message);
                if (reply.code() == 250) {
                    accepted.put(recipient, message);
                } else {
                    assertThat(reply.toString())
                            .as(file.toString())
                            .matches("5\\d\\d 5\\.\\d+\\.\\d+ .+");
                    refused.add(file.getFileName() + ": " + reply);
                }
            }
        }
        assertThat(files).hasSizeGreaterThan(100);
        // Only what no relay may pass on: a bare CR that is no client's line end, say.
        assertThat(refused).hasSizeLessThan(files.size() / 10);
        await().atMost(SOON).until(() -> arrived().keySet().containsAll(accepted.keySet()));
        Map<String, Transaction> arrived = arrived();
        accepted.forEach((recipient, message) ->
                assertThat(belowOurHeader(arrived.get(recipient)))
                        .as(recipient)
                        .isEqualTo(message));
    }

    private static boolean isMail(Path file) {
        String name = file.getFileName().toString();
        return name.matches(".+\\.(?:eml|msg|txt)") && !name.startsWith("LICENSE");
    }

    @Test
    void aMailForSeveralDomainsIsDeliveredOnceToEachRecipient() throws Exception {
        List<String> recipients =
                List.of(
                        "a@one.example",
                        "b@one.example",
                        "c@two.example",
                        "d@three.example",
                        "a@one.example");
        String id = posthaste.accept("ada@sender.example", recipients, text("several"));

        await().atMost(SOON).until(() -> finals(id).size() == 4);
        assertThat(finals(id))
                .containsOnlyKeys(
                        "a@one.example", "b@one.example", "c@two.example", "d@three.example");
        assertThat(finals(id).values()).containsOnly("delivered");
        assertThat(
                        peer.accepted().stream()
                                .flatMap(mail -> mail.recipients().stream())
                                .filter(recipients::contains))
                .containsExactlyInAnyOrder(
                        "a@one.example", "b@one.example", "c@two.example", "d@three.example");
    }

    @Test
    void aGreylistedMailIsDeferredAndThenDelivered() throws Exception {
        peer.onRcpt("grey@deferred.example").times(2).reply("451 4.7.1 come back later");

        String id =
                posthaste.accept(
                        "ada@sender.example", List.of("grey@deferred.example"), text("grey"));

        await().atMost(SOON).until(() -> finals(id).containsValue("delivered"));
        assertThat(kinds(id)).containsExactly("deferred", "deferred", "delivered");
        assertThat(posthaste.rest().message(id).toString())
                .contains("come back later")
                .contains("4.7.1");
    }

    @Test
    void aRefusedMailComesBackAsADsn() throws Exception {
        peer.onRcpt("nobody@bounced.example").reply("550 5.1.1 no such user here");

        try (SmtpDialogue client = posthaste.client()) {
            client.send("MAIL FROM:<eve@bounce-sender.example> RET=HDRS ENVID=order-7").expect(250);
            client.send(
                            "RCPT TO:<nobody@bounced.example> NOTIFY=FAILURE ORCPT=rfc822;alias@bounced.example")
                    .expect(250);
            client.send("DATA").expect(354);
            String id =
                    RunningPosthaste.idIn(
                            client.sendMessage(
                                            "Subject: bounce me\r\n\r\nsecret body\r\n"
                                                    .getBytes(UTF_8))
                                    .reply());

            Transaction dsn = arrivedFor("eve@bounce-sender.example");
            assertThat(dsn.reversePath()).isEmpty();
            assertThat(dsn.messageText())
                    .contains("multipart/report")
                    .contains("Original-Envelope-Id: order-7")
                    .containsPattern("Original-Recipient: rfc822; ?alias@bounced.example")
                    .containsPattern("Final-Recipient: rfc822; ?nobody@bounced.example")
                    .contains("Action: failed")
                    .contains("Status: 5.1.1")
                    .contains("no such user here")
                    .contains("Subject: bounce me")
                    .doesNotContain("secret body");
            await().atMost(SOON).until(() -> finals(id).containsValue("bounced"));
        }
    }

    @Test
    void nobodyIsToldOfAMailThatAsksForSilence() throws Exception {
        peer.onRcpt("nobody@silent.example").reply("550 5.1.1 no such user here");

        try (SmtpDialogue client = posthaste.client()) {
            client.send("MAIL FROM:<eve@silent-sender.example>").expect(250);
            client.send("RCPT TO:<nobody@silent.example> NOTIFY=NEVER").expect(250);
            client.send("DATA").expect(354);
            String never = RunningPosthaste.idIn(client.sendMessage(text("never")).reply());
            String nullPath =
                    RunningPosthaste.idIn(
                            client.mail("", List.of("nobody@silent.example"), text("null")));

            await().atMost(SOON)
                    .until(() ->
                            finals(never).containsValue("bounced")
                                    && finals(nullPath).containsValue("bounced"));
            assertThat(peer.transactions())
                    .noneMatch(mail -> mail.recipients().contains("eve@silent-sender.example"));
        }
    }

    @Test
    void aMailIsFoundBySenderRecipientAndTime() throws Exception {
        String id =
                posthaste.accept(
                        "finder@search.example", List.of("found@search.example"), text("find me"));

        await().atMost(SOON).until(() -> finals(id).containsValue("delivered"));
        for (String query :
                List.of(
                        "recipient=found@search.example",
                        "sender=finder@search.example",
                        "id=" + id,
                        "recipient=found@search.example&from=2020-01-01T00:00:00Z&limit=1")) {
            assertThat(posthaste.rest().messages(query).toString()).as(query).contains(id);
        }
        assertThat(
                        posthaste
                                .rest()
                                .messages("recipient=found@search.example&to=2020-01-01T00:00:00Z")
                                .toString())
                .doesNotContain(id);
    }

    @Test
    void thePageAndRestAskForThePassword() {
        for (String path : List.of("/", "/api/v1/messages", "/api/v1/queues", "/api/v1/audit")) {
            HttpResponse<String> refused = posthaste.rest().getAnonymously(path);
            assertThat(refused.statusCode()).as(path).isEqualTo(401);
            assertThat(new RestClient(posthaste.webPort(), "admin", "guess").get(path).statusCode())
                    .as(path)
                    .isEqualTo(401);
            assertThat(posthaste.rest().get(path).statusCode()).as(path).isEqualTo(200);
        }
    }

    @Test
    void healthAndMetricsAreThereForTheMachineItself() {
        assertThat(posthaste.rest().getAnonymously("/actuator/health/readiness").statusCode())
                .isEqualTo(200);
        assertThat(posthaste.rest().getAnonymously("/actuator/health/liveness").statusCode())
                .isEqualTo(200);
        HttpResponse<String> metrics = posthaste.rest().getAnonymously("/actuator/prometheus");
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body()).contains("jvm_memory_used_bytes").contains("posthaste_");
        assertThat(posthaste.rest().getAnonymously("/actuator/env").statusCode())
                .isIn(401, 403, 404);
    }

    @Test
    void nothingIsEverUnaccountedFor() {
        await().atMost(60, SECONDS)
                .untilAsserted(() -> {
                    var audit = posthaste.rest().audit();
                    assertThat(audit.get("unaccounted").asLong()).isZero();
                    assertThat(audit.get("accepted").asLong())
                            .isEqualTo(
                                    Stream.of(
                                                    "delivered",
                                                    "bounced",
                                                    "expired",
                                                    "removed",
                                                    "queued")
                                            .mapToLong(field -> audit.get(field).asLong())
                                            .sum());
                });
    }

    private static Transaction arrivedFor(String recipient) {
        await().atMost(SOON).until(() -> arrived().containsKey(recipient));
        return arrived().get(recipient);
    }

    /** What the next hop took, by its first recipient; the first of each. */
    private static Map<String, Transaction> arrived() {
        return peer.accepted().stream()
                .collect(
                        Collectors.toMap(
                                mail -> mail.recipients().getFirst(),
                                Function.identity(),
                                (first, _) -> first));
    }

    /** What follows the one Received field that we add. */
    private static byte[] belowOurHeader(Transaction mail) {
        byte[] message = mail.message();
        String text = mail.messageText();
        assertThat(text).startsWith("Received: ");
        int end = 0;
        do {
            end = text.indexOf("\r\n", end) + 2;
        } while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t'));
        return Arrays.copyOfRange(message, end, message.length);
    }

    /** Lone CR or LF as line ends become CRLF, as a client that reads a file does it. */
    private static byte[] withLineEndsOfAClient(byte[] file) throws IOException {
        String text = new String(file, ISO_8859_1).replaceAll("\r\n|\r|\n", "\r\n");
        return (text.endsWith("\r\n") ? text : text + "\r\n").getBytes(ISO_8859_1);
    }

    private static byte[] text(String subject) {
        return ("Subject: " + subject + "\r\n\r\n" + subject + "\r\n").getBytes(UTF_8);
    }

    private static Map<String, String> finals(String id) {
        return posthaste.rest().finals(id);
    }

    private static List<String> kinds(String id) {
        return posthaste.rest().kinds(id);
    }
}
