package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import posthaste.ingest.auth.users.ApiKey;
import posthaste.testing.FreePort;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SmtpDialogue;
import posthaste.testing.Transaction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Submission over HTTP where it shares a web server with the operator's page, and the quarantine:
 * who is let in where, and what a {@code kill -9} leaves. What comes by SMTP is held, since its
 * scanner is away; what comes by HTTP is not scanned.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class HttpSubmissionIT {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String MESSAGES = "/api/v1/messages";
    private static final String JSON = "application/json";
    private static final String KEY = "Bearer key-that-sends";
    private static final String ADMIN =
            "Basic "
                    + Base64.getEncoder()
                            .encodeToString(("admin:" + RunningPosthaste.PASSWORD).getBytes(UTF_8));
    private static final int HELD = 300;

    private final ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private RunningPosthaste posthaste;
    private Path policy;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        policy = Files.writeString(folder.resolve("policy.yaml"), blocking("block", "bad.example"));
        Path users =
                Files.writeString(
                        folder.resolve("users"),
                        """
                        user web senders=*
                        key sending user=web hash=%s scopes=send
                        key looking user=web hash=%s scopes=read
                        """
                                .formatted(
                                        ApiKey.hash("key-that-sends"),
                                        ApiKey.hash("key-that-looks")));
        posthaste =
                RunningPosthaste.on(folder.resolve("data"))
                        .relayingTo(peer.hostAndPort())
                        .with("posthaste.login.users-file", users)
                        .with("posthaste.policy.file", policy)
                        .with("posthaste.content.clamav.addresses", "127.0.0.1:" + FreePort.tcp())
                        .with("posthaste.content.clamav.when-away", "quarantine")
                        .with("posthaste.content.unscanned-logins", "web")
                        .start();
    }

    @AfterAll
    void stop() {
        posthaste.close();
        peer.close();
        http.close();
    }

    @ParameterizedTest
    @CsvSource({
        // Who sends has a key for it, and the operator's password is none.
        "POST, /api/v1/messages, Bearer key-that-sends, 202",
        "POST, /api/v1/messages, bearer key-that-sends, 202",
        "POST, /api/v1/messages, Bearer key-that-looks, 403",
        "POST, /api/v1/messages, Bearer nobodys, 401",
        "POST, /api/v1/messages, Bearer, 401",
        "POST, /api/v1/messages, admin, 401",
        "POST, /api/v1/messages, '', 401",
        // The operator has a password, and a key is none.
        "GET, /api/v1/messages, admin, 200",
        "GET, /api/v1/messages, Bearer key-that-sends, 401",
        "GET, /api/v1/messages, Bearer key-that-looks, 401",
        "GET, /api/v1/queues, Bearer key-that-sends, 401",
        "GET, /api/v1/openapi.json, Bearer key-that-sends, 401",
        "POST, /api/v1/quarantine, Bearer key-that-sends, 401",
        "POST, /api/v1/suppressions, Bearer key-that-sends, 401",
        "DELETE, /api/v1/suppressions/bulk/a@b.example, Bearer key-that-sends, 401",
        "GET, /quarantine, Bearer key-that-sends, 401",
        // What is near the one path that keys open is not open.
        "POST, /api/v1/messages/, Bearer key-that-sends, 401",
        "POST, /api/v1/messages/x, Bearer key-that-sends, 401",
        "PUT, /api/v1/messages, Bearer key-that-sends, 401",
        "POST, /api/v1//messages, Bearer key-that-sends, 400",
        "POST, /api/v1/messages;x=y, Bearer key-that-sends, 400",
    })
    void keysSendAndThePasswordOperatesAndNeitherDoesTheOther(
            String method, String path, String authorization, int status) throws Exception {
        HttpResponse<String> answer =
                ask(
                        method,
                        path,
                        authorization.equals("admin") ? ADMIN : authorization,
                        Optional.empty(),
                        mail("rights@h.example"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        if (status == 202) {
            assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
        }
    }

    @Test
    void theDescriptionTellsOfSubmissionAsOfTheRest() throws Exception {
        JsonNode description =
                JsonMapper.shared()
                        .readTree(
                                ask("GET", "/api/v1/openapi.json", ADMIN, Optional.empty(), "")
                                        .body());
        JsonNode post = description.at("/paths/~1messages/post");
        assertThat(post.at("/requestBody/content").propertyNames())
                .contains("application/json", "message/rfc822");
        assertThat(post.at("/responses").propertyNames()).contains("202", "429", "503");
        assertThat(post.at("/security/0").has("apiKey")).isTrue();
        assertThat(description.at("/paths/~1messages/get").isObject()).isTrue();
        assertThat(description.at("/components/schemas/SubmittedMail").isObject()).isTrue();
        assertThat(description.at("/components/securitySchemes").propertyNames())
                .containsExactlyInAnyOrder("basic", "apiKey");
    }

    @Test
    void eachOfManyRecipientsGetsHisOwnMail() throws Exception {
        String recipients =
                IntStream.range(0, 500)
                        .mapToObj(
                                """
                                {"to": "p%1$d@personal.example", "substitutions": {"n": "number %1$d"}}\
                                """
                                        ::formatted)
                        .collect(Collectors.joining(","));
        HttpResponse<String> answer =
                ask(
                        "POST",
                        MESSAGES,
                        KEY,
                        Optional.empty(),
                        """
                        {"from": "a@b.example", "subject": "Hello {{n}}", "text": "You are {{n}}.",
                         "recipients": [%s]}
                        """
                                .formatted(recipients));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(JsonMapper.shared().readTree(answer.body()).get("messages")).hasSize(500);
        await().atMost(SOON).until(() -> taken("@personal.example").size() == 500);
        for (Transaction one : peer.accepted()) {
            String to = one.recipients().getFirst();
            if (to.endsWith("@personal.example")) {
                String number = "number " + to.substring(1, to.indexOf('@'));
                assertThat(new String(one.message(), UTF_8))
                        .contains("Subject: Hello " + number + "\r\n", "You are " + number + ".");
            }
        }
    }

    @Test
    void aWrongPolicyFileIsRefusedByItsLineAndTheOldOneStaysInForce() throws Exception {
        assertThat(statusFor("x@bad.example")).isEqualTo(403);
        Files.writeString(policy, "# changed\n" + blocking("blok", "worse.example"));
        await().atMost(SOON)
                .until(() ->
                        posthaste.said().contains(policy + ", line 2: ")
                                && posthaste.said().contains("blok"));
        assertThat(statusFor("x@bad.example")).isEqualTo(403);
        assertThat(statusFor("x@worse.example")).isEqualTo(202);
        Files.writeString(policy, blocking("block", "worse.example"));
        await().atMost(SOON).until(() -> statusFor("x@worse.example") == 403);
        assertThat(statusFor("x@bad.example")).isEqualTo(202);
    }

    private int statusFor(String recipient) throws IOException, InterruptedException {
        return ask("POST", MESSAGES, KEY, Optional.empty(), mail(recipient)).statusCode();
    }

    private static String blocking(String key, String domain) {
        return "recipients: {%s: [%s]}\n".formatted(key, domain);
    }

    @Test
    void killedAmongReleasesAndSubmissionsItLosesNothingAndDoesNothingTwice() throws Exception {
        hold();
        Map<String, String> answers = new ConcurrentHashMap<>();
        AtomicInteger next = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(Thread.ofVirtual().start(() -> submitUntilItDies(next, answers)));
        }
        await().atMost(SOON).until(() -> answers.size() >= 50);
        HttpResponse<String> ordered =
                ask(
                        "POST",
                        "/api/v1/quarantine",
                        ADMIN,
                        Optional.empty(),
                        "{\"action\":\"release\",\"sender\":\"held@h.example\",\"why\":\"clean\"}");
        assertThat(ordered.statusCode()).as(ordered.body()).isEqualTo(200);
        assertThat(ordered.body()).contains("\"jobs\":" + HELD);
        await().atMost(SOON).until(() -> !taken("@held.example").isEmpty());
        posthaste.kill();
        for (Thread client : clients) {
            client.join();
        }
        int releasedBefore = taken("@held.example").size();
        posthaste.restart();

        // Who was answered gets the same answer, and who was not is heard now.
        Map<String, String> again = new ConcurrentHashMap<>();
        for (int i = 0; i < next.get(); i++) {
            HttpResponse<String> answer = submit(i);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            again.put(recipient(i), answer.body());
        }
        assertThat(again).containsAllEntriesOf(answers);
        await().atMost(SOON).until(() -> taken("@keyed.example").containsAll(again.keySet()));
        await().atMost(SOON).until(() -> taken("@held.example").size() == HELD);
        await().atMost(SOON).until(() -> total("/api/v1/quarantine") == 0);
        await().atMost(SOON)
                .untilAsserted(() -> {
                    assertThat(posthaste.rest().audit().get("queued").asLong()).isZero();
                    assertThat(posthaste.rest().audit().get("unaccounted").asLong()).isZero();
                });
        JsonNode held = posthaste.rest().messages("sender=held@h.example&limit=1000");
        assertThat(held).hasSize(HELD);
        for (JsonNode mail : held) {
            List<String> kinds = posthaste.rest().kinds(mail.get("id").asString());
            assertThat(kinds).containsOnlyOnce("requeued").endsWith("delivered");
        }
        System.out.printf(
                "killed with %d of %d released, %d answered; %d of %d submissions were repeated%n",
                releasedBefore, HELD, answers.size(), next.get() - answers.size(), next.get());
    }

    private void hold() {
        try (SmtpDialogue client = posthaste.client()) {
            for (int i = 0; i < HELD; i++) {
                String to = "h" + i + "@held.example";
                assertThat(
                                client.mail(
                                                "held@h.example",
                                                List.of(to),
                                                "Subject: x\r\n\r\ny\r\n".getBytes(UTF_8))
                                        .code())
                        .isEqualTo(250);
            }
        }
        await().atMost(SOON).until(() -> total("/api/v1/quarantine") == HELD);
        assertThat(taken("@held.example")).isEmpty();
    }

    private void submitUntilItDies(AtomicInteger next, Map<String, String> answers) {
        try {
            while (true) {
                int number = next.getAndIncrement();
                HttpResponse<String> answer = submit(number);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
                answers.put(recipient(number), answer.body());
            }
        } catch (IOException | InterruptedException _) {
            // It is dead.
        }
    }

    private HttpResponse<String> submit(int number) throws IOException, InterruptedException {
        return ask("POST", MESSAGES, KEY, Optional.of("key-" + number), mail(recipient(number)));
    }

    private static String recipient(int number) {
        return "k" + number + "@keyed.example";
    }

    private static String mail(String to) {
        return "{\"from\":\"a@b.example\",\"to\":[\"" + to + "\"],\"text\":\"x\"}";
    }

    private long total(String path) throws Exception {
        return JsonMapper.shared()
                .readTree(ask("GET", path, ADMIN, Optional.empty(), "").body())
                .get("total")
                .asLong();
    }

    private Set<String> taken(String domain) {
        Set<String> taken = new HashSet<>();
        peer.accepted()
                .forEach(one ->
                        one.recipients().stream()
                                .filter(to -> to.endsWith(domain))
                                .forEach(taken::add));
        return taken;
    }

    private HttpResponse<String> ask(
            String method, String path, String authorization, Optional<String> key, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + posthaste.webPort() + path))
                        .timeout(Duration.ofSeconds(60))
                        .header("Content-Type", JSON)
                        .method(method, BodyPublishers.ofString(body, UTF_8));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        key.ifPresent(given -> request.header("Idempotency-Key", given));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
