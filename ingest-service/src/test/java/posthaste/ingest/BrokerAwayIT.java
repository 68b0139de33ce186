package posthaste.ingest;

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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.ingest.auth.users.ApiKey;
import posthaste.ingest.listener.ListenerLifecycle;
import posthaste.mail.record.Topics;
import posthaste.queue.MailQueue;
import posthaste.testing.FreePort;
import posthaste.testing.SmtpDialogue;

/** The service as it is deployed, while a real broker is away: at both doors. */
class BrokerAwayIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String MAIL =
            "{\"from\":\"a@b.c\",\"to\":[\"x@y.example\"],\"text\":\"x\"}";

    @TempDir private Path folder;
    private int web;
    private int smtp;

    @Test
    void nothingIsAcceptedLimitsHoldAndWhatIsRepeatedIsAcceptedOnce() throws Exception {
        int brokerPort = FreePort.tcp();
        EmbeddedBroker broker = broker(brokerPort);
        try (ConfigurableApplicationContext service = service(broker.bootstrapServers())) {
            smtp = service.getBean(ListenerLifecycle.class).ports().values().iterator().next();
            assertThat(post("before").statusCode()).isEqualTo(202);
            broker.close();

            HttpResponse<String> away = post("away");
            assertThat(away.statusCode()).as(away.body()).isEqualTo(503);
            assertThat(away.body()).contains("\"smtpReply\":\"451 4.3.");
            assertThat(away.headers().firstValue("Retry-After")).isPresent();
            try (SmtpDialogue client = SmtpDialogue.greet(smtp)) {
                assertThat(client.mail("a@b.c", List.of("x@y.example"), "x".getBytes(UTF_8)).code())
                        .isEqualTo(451);
                // What is counted in memory goes on being counted, and nothing fails closed.
                client.send("MAIL FROM:<a@limited.example>").expect(250);
                client.send("RCPT TO:<1@y.example>").expect(250);
                client.send("RCPT TO:<2@y.example>").expect(250);
                client.send("RCPT TO:<3@y.example>").expect(452, "4.5.3");
            }

            broker = broker(brokerPort);
            await().atMost(SOON).until(() -> post("away").statusCode() == 202);
            String answer = post("away").body();
            assertThat(post("away").body()).isEqualTo(answer);
            long[] accepted = {0};
            service.getBean(MailQueue.class)
                    .scanner()
                    .scan(
                            Topics.DELIVERY_GROUP,
                            List.of("mail.outbound.transactional"),
                            record -> {
                                if (answer.contains(record.content().mailId().value())) {
                                    accepted[0]++;
                                }
                            });
            assertThat(accepted[0]).isEqualTo(1);
        } finally {
            broker.close();
        }
    }

    private EmbeddedBroker broker(int port) {
        return EmbeddedBroker.start(
                folder.resolve("kafka"), BrokerSettings.forTests().withPort(port));
    }

    private ConfigurableApplicationContext service(String broker) throws IOException {
        Path users =
                Files.writeString(
                        folder.resolve("users"),
                        "user good senders=*\nkey web user=good hash=%s scopes=send\n"
                                .formatted(ApiKey.hash("good")));
        Path policy =
                Files.writeString(
                        folder.resolve("policy.yaml"),
                        "limits: [{per: sender-domain, of: [limited.example], recipients: 2/h}]");
        web = FreePort.tcp();
        return new SpringApplicationBuilder(IngestApplication.class)
                .run(
                        "--posthaste.data-dir=" + folder.resolve("data"),
                        "--posthaste.kafka.bootstrap-servers=" + broker,
                        "--posthaste.queue.partitions=2",
                        "--posthaste.queue.replication=1",
                        "--posthaste.queue.min-insync-replicas=1",
                        "--posthaste.smtp.address=127.0.0.1",
                        "--posthaste.smtp.port=0",
                        "--posthaste.smtp.host-name=mx.posthaste.test",
                        "--posthaste.smtp.acceptance-deadline=2s",
                        "--posthaste.login.users-file=" + users,
                        "--posthaste.policy.file=" + policy,
                        "--posthaste.body.free-space-floor=1MB",
                        "--management.server.port=" + web);
    }

    private HttpResponse<String> post(String key) throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + web + "/api/v1/messages"))
                            .header("Content-Type", "application/json")
                            .header("Authorization", "Bearer good")
                            .header("Idempotency-Key", key)
                            .timeout(Duration.ofSeconds(60))
                            .POST(BodyPublishers.ofString(MAIL))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
