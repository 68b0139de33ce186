package posthaste.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import posthaste.body.BodyStore;
import posthaste.body.StoredBody;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.ingest.listener.ListenerLifecycle;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Topics;
import posthaste.queue.MailQueue;
import posthaste.testing.FreePort;
import posthaste.testing.SmtpDialogue;

/**
 * The service as it is deployed, with a real broker and bodies in files (DESIGN 3, invariant 1).
 */
class IngestIT {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final String MESSAGE = "Subject: durable\r\n\r\nfirst, then 250\r\n";

    @TempDir private static Path folder;

    private static BrokerSettings brokerSettings;
    private static EmbeddedBroker broker;
    private static int webPort;
    private static ConfigurableApplicationContext service;

    @BeforeAll
    static void start() {
        brokerSettings = BrokerSettings.forTests().withPort(FreePort.tcp());
        broker = EmbeddedBroker.start(folder.resolve("kafka"), brokerSettings);
        webPort = FreePort.tcp();
        service =
                new SpringApplicationBuilder(IngestApplication.class)
                        .run(
                                "--posthaste.data-dir=" + folder.resolve("data"),
                                "--posthaste.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                                "--posthaste.queue.partitions=2",
                                "--posthaste.queue.replication=1",
                                "--posthaste.queue.min-insync-replicas=1",
                                "--posthaste.queue.flush-every-record=true",
                                "--posthaste.smtp.address=127.0.0.1",
                                "--posthaste.smtp.port=0",
                                "--posthaste.smtp.host-name=mx.posthaste.test",
                                "--posthaste.smtp.acceptance-deadline="
                                        + DEADLINE.toMillis()
                                        + "ms",
                                "--posthaste.body.free-space-floor=1MB",
                                "--management.server.port=" + webPort);
    }

    @AfterAll
    static void stop() {
        service.close();
        broker.close();
    }

    @Test
    void bodyAndRecordAreThereWhenTheClientIsTold() throws Exception {
        try (SmtpDialogue client = SmtpDialogue.greet(port())) {
            String reply = mail(client, "x@one.example").text();
            String id = reply.substring(reply.lastIndexOf(' ') + 1);

            Job job =
                    queued().stream()
                            .filter(record -> record.mailId().value().equals(id))
                            .map(Job.class::cast)
                            .findFirst()
                            .orElseThrow();
            assertThat(body(job)).endsWith("+0000\r\n" + MESSAGE);
            assertThat(job.derived()).isFalse();
        }
    }

    @Test
    void aLargeMessageStreamsThrough() throws Exception {
        String message = "Subject: large\r\n\r\n" + ("x".repeat(998) + "\r\n").repeat(5000);
        try (SmtpDialogue client = SmtpDialogue.greet(port())) {
            assertThat(
                            client.mail(
                                            "a@b.c",
                                            List.of("x@large.example"),
                                            message.getBytes(ISO_8859_1))
                                    .code())
                    .isEqualTo(250);
            Job job =
                    queued().stream()
                            .map(Job.class::cast)
                            .filter(queued -> queued.domain().equals("large.example"))
                            .findFirst()
                            .orElseThrow();
            assertThat(body(job)).endsWith(message);
        }
    }

    @Test
    void aBrokerThatIsAwayCostsA451WithinTheDeadlineAndNoMore() throws Exception {
        try (SmtpDialogue client = SmtpDialogue.greet(port())) {
            assertThat(mail(client, "x@before.example").code()).isEqualTo(250);
            broker.close();
            long began = System.nanoTime();
            SmtpDialogue.Reply reply = mail(client, "x@during.example");
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            broker = EmbeddedBroker.start(folder.resolve("kafka"), brokerSettings);

            assertThat(reply.toString()).matches("451 4\\.3\\.[02] .*");
            assertThat(took).isLessThan(DEADLINE.plusSeconds(2));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(mail(client, "x@after.example").code()).isEqualTo(250));
            assertThat(get("/actuator/prometheus"))
                    .contains("posthaste_ingest_mails_total{outcome=\"accepted\"");
        }
    }

    @Test
    void healthSaysThatItListens() throws Exception {
        assertThat(get("/actuator/health")).contains("\"smtp\":{").contains("\"listening\":true");
    }

    private static SmtpDialogue.Reply mail(SmtpDialogue client, String recipient) {
        return client.mail("a@b.c", List.of(recipient), MESSAGE.getBytes(ISO_8859_1));
    }

    private static int port() {
        return service.getBean(ListenerLifecycle.class).port();
    }

    private static List<MailRecord> queued() throws Exception {
        List<MailRecord> records = new ArrayList<>();
        service.getBean(MailQueue.class)
                .scanner()
                .scan(
                        Topics.DELIVERY_GROUP,
                        List.of("mail.outbound.transactional"),
                        record -> records.add(record.content()));
        return records;
    }

    private static String body(Job job) throws Exception {
        try (StoredBody body = service.getBean(BodyStore.class).open(job.body())) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            body.writeTo(out);
            return out.toString(ISO_8859_1);
        }
    }

    private static String get(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + webPort + path)).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
