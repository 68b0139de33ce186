package posthaste.bounce.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import posthaste.bounce.events.Happenings;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.mail.record.Event;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Topics;
import posthaste.queue.QueueConsumer;
import posthaste.queue.QueueMarks;
import posthaste.queue.TopicPlan;
import posthaste.queue.memory.MemoryMailQueue;
import posthaste.service.reload.FileWatch;

/** Endpoints that are real HTTP servers, over a queue in memory. */
class WebhooksTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final InstantSource clock = InstantSource.system();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MemoryMailQueue queue = new MemoryMailQueue(clock);
    private final List<QueueConsumer> running = new ArrayList<>();
    private final List<Webhooks> open = new ArrayList<>();
    private ReceivingEndpoint endpoint;

    @BeforeEach
    void begin() throws Exception {
        endpoint = new ReceivingEndpoint();
        queue.prepare(List.of(new TopicPlan(Topics.EVENTS, 3, Optional.empty(), false)));
    }

    @AfterEach
    void end() {
        stop();
        endpoint.close();
    }

    @Test
    void anEventIsPostedSignedAsStandardWebhooksWantIt() throws Exception {
        start(Map.of());
        publish(Happenings.deferred("one", "anna@remote.example"));

        await().until(() -> !endpoint.requests.isEmpty());
        ReceivingEndpoint.Received request = endpoint.requests.getFirst();
        assertThat(request.header("Content-Type")).isEqualTo("application/json");
        String id = request.header("webhook-id");
        String timestamp = request.header("webhook-timestamp");
        assertThat(Instant.ofEpochSecond(Long.parseLong(timestamp)))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        // By the specification's words, not by the class that signs.
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(
                new SecretKeySpec(
                        Base64.getDecoder().decode(SECRET.substring("whsec_".length())),
                        "HmacSHA256"));
        String content = id + "." + timestamp + "." + request.body();
        assertThat(request.header("webhook-signature"))
                .isEqualTo(
                        "v1,"
                                + Base64.getEncoder()
                                        .encodeToString(
                                                mac.doFinal(
                                                        content.getBytes(StandardCharsets.UTF_8))));
        assertThat(endpoint.taken("recipient")).containsExactly("anna@remote.example");
    }

    @Test
    void whatIsRefusedIsPostedAgainTheSameUntilItIsTaken() throws Exception {
        AtomicInteger refusals = new AtomicInteger();
        int[] statuses = {500, 302, 404, 429};
        endpoint.behave((exchange, _) -> {
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/");
            int number = refusals.getAndIncrement();
            return number < statuses.length ? statuses[number] : 200;
        });
        start(Map.of());
        publish(Happenings.deferred("one", "anna@remote.example"));

        await().until(() -> endpoint.taken("id").size() == 1);
        assertThat(endpoint.requests).hasSize(5);
        assertThat(endpoint.requests)
                .extracting(request -> request.header("webhook-id"))
                .containsOnly(endpoint.requests.getFirst().header("webhook-id"));
        assertThat(endpoint.requests)
                .extracting(ReceivingEndpoint.Received::body)
                .containsOnly(endpoint.requests.getFirst().body());
        // The endpoint knows of its answer before we do.
        await().until(() -> counted("posthaste.webhook.events") == 1);
        assertThat(meters.get("posthaste.webhook.failing").gauge().value()).isZero();
    }

    @Test
    void anEndpointThatAnswersTooLateHasTakenNothing() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger number = new AtomicInteger();
        endpoint.behave((_, _) -> {
            if (number.getAndIncrement() == 0) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return 200;
        });
        start(Map.of("timeout", "300ms"));
        publish(Happenings.deferred("one", "anna@remote.example"));

        await().until(() -> endpoint.taken("id").size() == 1);
        assertThat(
                        meters.get("posthaste.webhook.requests")
                                .tag("outcome", "silent")
                                .timer()
                                .count())
                .isPositive();
        release.countDown();
    }

    @Test
    void aBodyThatNeverEndsIsNotWaitedFor() throws Exception {
        endpoint.behave((exchange, _) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] octets = new byte[8192];
            while (true) {
                exchange.getResponseBody().write(octets);
            }
        });
        start(Map.of());
        publish(Happenings.deferred("one", "anna@remote.example"));

        await().until(() -> counted("posthaste.webhook.events") == 1);
    }

    @Test
    void afterARestartItGoesOnWhereItStood() throws Exception {
        start(Map.of("begin", "earliest"));
        publish(numbered(0, 20));
        await().until(() -> counted("posthaste.webhook.events") == 20);
        stop();
        publish(numbered(20, 20));
        start(Map.of("begin", "earliest"));

        await().until(() -> endpoint.taken("id").size() >= 40);
        assertThat(endpoint.taken("recipient"))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 40).mapToObj(i -> i + "@remote.example").toList());
    }

    @Test
    void aNewEndpointBeginsNowUnlessItIsToHaveAllThatIsKept() throws Exception {
        publish(numbered(0, 3));
        Instant before = Instant.now();
        await().until(() -> Instant.now().isAfter(before.plusMillis(20)));
        start(Map.of());
        publish(numbered(3, 1));

        await().until(() -> !endpoint.taken("id").isEmpty());
        assertThat(endpoint.taken("recipient")).containsExactly("3@remote.example");
    }

    @Test
    void whatIsGoneBeforeItWasTakenIsCounted() throws Exception {
        queue.prepare(List.of(new TopicPlan(Topics.EVENTS, 3, Optional.empty(), false)));
        start(Map.of("begin", "earliest"));
        publish(numbered(0, 30));
        await().until(() -> counted("posthaste.webhook.events") == 30);
        stop();
        publish(numbered(30, 30));
        List<Long> ends = queue.scanner().ends(Topics.EVENTS);
        List<QueueMarks.Trim> trims =
                IntStream.range(0, 3)
                        .filter(partition -> ends.get(partition) > 0)
                        .mapToObj(partition ->
                                new QueueMarks.Trim(Topics.EVENTS, partition, ends.get(partition)))
                        .toList();
        queue.marks().trim(trims);
        publish(numbered(60, 30));
        start(Map.of("begin", "earliest"));

        await().until(() -> endpoint.taken("id").size() >= 60);
        assertThat(counted("posthaste.webhook.missed")).isEqualTo(30);
    }

    @Test
    void oneThatIsAwayHoldsUpNoOther() throws Exception {
        try (ReceivingEndpoint away = new ReceivingEndpoint()) {
            away.behave((_, _) -> 503);
            Map<String, String> both = new HashMap<>(settings("crm", endpoint, Map.of()));
            both.putAll(settings("away", away, Map.of()));
            startAll(both);
            publish(numbered(0, 50));

            await().until(() -> endpoint.taken("id").size() == 50);
            await().until(() -> away.requests.size() >= 2);
            assertThat(
                            meters.get("posthaste.webhook.failing")
                                    .tag("endpoint", "away")
                                    .gauge()
                                    .value())
                    .isEqualTo(1);
            assertThat(
                            meters.get("posthaste.webhook.lag")
                                    .tag("endpoint", "away")
                                    .timeGauge()
                                    .value())
                    .isPositive();
        }
    }

    @Test
    void aBatchThatIsTooLargeIsHalved() throws Exception {
        endpoint.behave((_, request) -> request.events().size() > 3 ? 413 : 200);
        start(Map.of("batch-size", "16", "batch-wait", "300ms"));
        publish(numbered(0, 16));

        await().until(() -> endpoint.taken("id").size() == 16);
        assertThat(endpoint.taken("id")).doesNotHaveDuplicates();
    }

    @Test
    void onlyTheKindsAndStreamsThatAreWantedAreSent() throws Exception {
        start(Map.of("kinds", "deferred,bounced", "streams", "bulk"));
        publish(
                Happenings.of(Event.Kind.BOUNCED, "two", "b@remote.example", Instant.now()),
                Happenings.deferred("one", "anna@remote.example"),
                Happenings.of(Event.Kind.DELIVERED, "two", "c@remote.example", Instant.now()));
        publish(Happenings.deferred("three", "last@remote.example"));

        await().until(() -> endpoint.taken("recipient").contains("last@remote.example"));
        assertThat(endpoint.taken("recipient"))
                .containsExactlyInAnyOrder("anna@remote.example", "last@remote.example");
    }

    @Test
    void everySecretOfAFileSigns(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("secrets");
        Files.writeString(file, "# new\n" + SECRET + "\n\nthe old secret, in plain words\n");
        start(Map.of("secret", "", "secret-file", file.toString()));
        publish(Happenings.deferred("one", "anna@remote.example"));

        await().until(() -> !endpoint.requests.isEmpty());
        assertThat(endpoint.requests.getFirst().header("webhook-signature"))
                .matches("v1,\\S{44} v1,\\S{44}");
    }

    private void start(Map<String, String> settings) {
        startAll(settings("crm", endpoint, settings));
    }

    private void startAll(Map<String, String> settings) {
        WebhookProperties properties =
                new Binder(new MapConfigurationPropertySource(settings))
                        .bind("posthaste", WebhookProperties.class)
                        .get();
        try {
            Webhooks webhooks =
                    new Webhooks(
                            properties,
                            queue,
                            RuleBook.open(List.of()),
                            new FileWatch(Duration.ofSeconds(1), meters),
                            clock,
                            meters);
            open.add(webhooks);
            webhooks.loops()
                    .values()
                    .forEach(loop -> {
                        QueueConsumer consumer = loop.get();
                        running.add(consumer);
                        consumer.start();
                    });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void stop() {
        running.forEach(QueueConsumer::close);
        open.forEach(Webhooks::close);
        running.clear();
        open.clear();
    }

    private static Map<String, String> settings(
            String name, ReceivingEndpoint of, Map<String, String> others) {
        Map<String, String> all = new HashMap<>();
        Map<String, String> usual = new HashMap<>();
        usual.put("url", of.url());
        usual.put("secret", SECRET);
        usual.put("batch-wait", "10ms");
        usual.put("longest-pause", "100ms");
        usual.putAll(others);
        usual.values().removeIf(String::isEmpty);
        usual.forEach((key, value) -> all.put("posthaste.webhooks." + name + "." + key, value));
        return all;
    }

    private double counted(String counter) {
        return meters.get(counter).counters().stream().mapToDouble(c -> c.count()).sum();
    }

    private static Event[] numbered(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> Happenings.deferred("mail-" + i, i + "@remote.example"))
                .toArray(Event[]::new);
    }

    private void publish(Event... events) throws Exception {
        for (Event event : events) {
            queue.publisher()
                    .publish(
                            List.of(
                                    new OutgoingRecord(
                                            Topics.EVENTS, event.mailId().value(), event)),
                            DEADLINE);
        }
    }
}
