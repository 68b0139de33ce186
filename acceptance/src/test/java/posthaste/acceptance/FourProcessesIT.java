package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.standalone.postgres.EmbeddedPostgres;
import posthaste.testing.FreePort;
import posthaste.testing.Requires;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SmtpDialogue;

/**
 * The services as processes of their own, which share a broker, a body folder and a database, and
 * nothing else.
 */
@Tag("full")
class FourProcessesIT {
    @TempDir static Path temp;

    private final List<Process> services = new ArrayList<>();

    @AfterEach
    void stopAll() throws InterruptedException {
        services.forEach(Process::destroy);
        for (Process service : services) {
            if (!service.waitFor(60, TimeUnit.SECONDS)) {
                service.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void aMailGoesThroughFourProcesses() throws Exception {
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
                EmbeddedBroker broker =
                        EmbeddedBroker.start(temp.resolve("kafka"), BrokerSettings.forTests());
                EmbeddedPostgres postgres =
                        EmbeddedPostgres.start(
                                temp.resolve("postgres"), temp.resolve("postgres.log"))) {
            peer.onRcpt("grey@x.example").once().reply("451 4.7.1 come back later");
            peer.onRcpt("nobody@x.example").reply("550 5.1.1 no such user here");
            int smtpPort = FreePort.tcp();
            int webPort = FreePort.tcp();
            Map<String, String> shared =
                    Map.of(
                            "posthaste.kafka.bootstrap-servers", broker.bootstrapServers(),
                            "posthaste.queue.partitions", "2",
                            "posthaste.queue.replication", "1",
                            "posthaste.queue.min-insync-replicas", "1",
                            "posthaste.queue.flush-every-record", "true",
                            "posthaste.body.folders", temp.resolve("bodies").toString(),
                            "posthaste.retry.tiers", "1s,2s");
            Map<String, String> relaying = Map.of("posthaste.routing.relay-to", peer.hostAndPort());
            start(
                    "bounce",
                    shared,
                    Map.of(
                            "spring.datasource.url", postgres.url(),
                            "spring.datasource.username", postgres.user(),
                            "spring.datasource.password", postgres.password(),
                            "posthaste.web.admin-password", RunningPosthaste.PASSWORD,
                            "server.port", String.valueOf(webPort)));
            start("delivery", shared, relaying);
            start("fallback", shared, relaying);
            start(
                    "ingest",
                    shared,
                    Map.of(
                            "posthaste.smtp.address",
                            "127.0.0.1",
                            "posthaste.smtp.port",
                            String.valueOf(smtpPort)));

            RestClient rest = new RestClient(webPort, "admin", RunningPosthaste.PASSWORD);
            byte[] message = "Subject: four\r\n\r\nHello.\r\n".getBytes(UTF_8);
            try (SmtpDialogue client = SmtpDialogue.greet(smtpPort)) {
                String plain =
                        RunningPosthaste.idIn(
                                client.mail(
                                        "ada@sender.example", List.of("plain@x.example"), message));
                String grey =
                        RunningPosthaste.idIn(
                                client.mail(
                                        "ada@sender.example", List.of("grey@x.example"), message));
                String refused =
                        RunningPosthaste.idIn(
                                client.mail(
                                        "ada@sender.example",
                                        List.of("nobody@x.example"),
                                        message));

                await().atMost(60, SECONDS)
                        .until(() -> rest.finals(plain).containsValue("delivered"));
                await().atMost(60, SECONDS)
                        .until(() -> rest.finals(grey).containsValue("delivered"));
                await().atMost(60, SECONDS)
                        .until(() -> rest.finals(refused).containsValue("bounced"));
            }
            assertThat(peer.accepted())
                    .anyMatch(mail ->
                            mail.recipients().contains("ada@sender.example")
                                    && mail.reversePath().isEmpty());
            await().atMost(60, SECONDS).until(() -> rest.audit().get("queued").asLong() == 0);
            assertThat(rest.audit().get("unaccounted").asLong()).isZero();
        }
    }

    /** Starts a service's own jar, and waits until it says that it is ready. */
    private void start(String name, Map<String, String> shared, Map<String, String> own)
            throws Exception {
        int managementPort = FreePort.tcp();
        Map<String, String> all = new HashMap<>();
        all.put("management.server.port", String.valueOf(managementPort));
        all.put("posthaste.data-dir", temp.resolve(name).toString());
        all.putAll(shared);
        all.putAll(own);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx256m",
                                "--sun-misc-unsafe-memory-access=allow",
                                "--enable-native-access=ALL-UNNAMED",
                                "-jar",
                                jar(name).toString()));
        all.forEach((property, value) -> command.add("--" + property + "=" + value));
        Path said = temp.resolve(name + ".out");
        Process process =
                new ProcessBuilder(command)
                        .directory(temp.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        services.add(process);
        await().atMost(90, SECONDS)
                .until(() -> {
                    assertThat(process.isAlive()).as(Files.readString(said)).isTrue();
                    return isReady(managementPort);
                });
    }

    private static Path jar(String name) throws IOException {
        Path target = Requires.repositoryRoot().resolve(name + "-service/target");
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith("-app.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean isReady(int managementPort) throws InterruptedException {
        URI readiness =
                URI.create("http://127.0.0.1:" + managementPort + "/actuator/health/readiness");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(readiness).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException _) {
            // Nobody listens there yet.
            return false;
        }
    }
}
