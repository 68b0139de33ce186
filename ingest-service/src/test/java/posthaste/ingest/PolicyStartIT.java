package posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
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
import org.springframework.core.NestedExceptionUtils;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.ingest.listener.ListenerLifecycle;
import posthaste.service.settings.StartRefusedException;
import posthaste.testing.SmtpDialogue;

/** The service as it is deployed, with a policy file: wrong at the start, changed while it runs. */
class PolicyStartIT {
    @TempDir private static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder.resolve("kafka"), BrokerSettings.forTests());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void aWrongFileStopsTheStartWithItsLine() throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), "relay:\n  netwroks: []\n");

        Throwable refused = catchThrowable(() -> run(file).close());

        assertThat(NestedExceptionUtils.getMostSpecificCause(refused))
                .hasMessageContaining(file + ", line 2: 'netwroks' is no key here");
        assertThat(causes(refused)).hasAtLeastOneElementOfType(StartRefusedException.class);
    }

    @Test
    void aChangeHoldsWhileItRunsAndAWrongOneDoesNot() throws Exception {
        Path file = Files.writeString(folder.resolve("policy.yaml"), "limits: []\n");
        try (ConfigurableApplicationContext service = run(file)) {
            int port = service.getBean(ListenerLifecycle.class).ports().values().iterator().next();
            try (SmtpDialogue client = SmtpDialogue.greet(port)) {
                client.send("MAIL FROM:<a@bad.test>").expect(250);
                client.send("RSET").expect(250);
                Files.writeString(file, "senders: {block: [bad.test]}\n");
                await().atMost(Duration.ofMinutes(1)).until(() -> refuses(client));
                Files.writeString(file, "senders: {block: [bad.test\n");
                await().atMost(Duration.ofMinutes(1)).until(() -> inForce(service) == 0);
                assertThat(refuses(client)).isTrue();
                Files.writeString(file, "limits: [{per: address, messages: 1/d}]\n");
                await().atMost(Duration.ofMinutes(1)).until(() -> !refuses(client));
                assertThat(inForce(service)).isEqualTo(1);
                assertThat(client.mail("a@b.c", List.of("x@y.z"), new byte[] {'x'}).code())
                        .isEqualTo(250);
                client.send("MAIL FROM:<a@b.c>").expect(451, "4.7.1 at most 1 messages in 1 day");
            }
        }
    }

    private static boolean refuses(SmtpDialogue client) {
        int code = client.send("MAIL FROM:<a@bad.test>").reply().code();
        client.send("RSET").expect(250);
        return code == 550;
    }

    private static double inForce(ConfigurableApplicationContext service) {
        return service.getBean(MeterRegistry.class)
                .get("posthaste.reload.in.force")
                .tag("file", "policy")
                .gauge()
                .value();
    }

    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            causes.add(t);
        }
        return causes;
    }

    private static ConfigurableApplicationContext run(Path policy) {
        return new SpringApplicationBuilder(IngestApplication.class)
                .run(
                        "--posthaste.data-dir=" + folder.resolve("data"),
                        "--posthaste.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                        "--posthaste.queue.partitions=1",
                        "--posthaste.queue.replication=1",
                        "--posthaste.queue.min-insync-replicas=1",
                        "--posthaste.queue.flush-every-record=true",
                        "--posthaste.smtp.address=127.0.0.1",
                        "--posthaste.smtp.port=0",
                        "--posthaste.smtp.max-idle-commands=100000",
                        "--posthaste.smtp.max-errors=100000",
                        "--posthaste.reload.interval=50ms",
                        "--posthaste.policy.file=" + policy,
                        "--server.port=0");
    }
}
