package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SmtpDialogue;
import posthaste.testing.Transaction;
import tools.jackson.databind.JsonNode;

/** The queue anew from bodies and log, after Kafka is gone with all that was in it. */
class RecoveryIT {
    private static final int MAILS = 12;

    @TempDir private Path temp;

    @Test
    void afterTheLossOfKafkaEachOpenRecipientGetsTheMailOnceAndNobodyElse() throws Exception {
        Path data = temp.resolve("data");
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
                RunningPosthaste posthaste =
                        RunningPosthaste.on(data)
                                .relayingTo(peer.hostAndPort())
                                .with("posthaste.retry.tiers", "1h")
                                .start()) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < MAILS; i++) {
                peer.onRcpt(late(i)).reply("451 4.7.1 come back later");
                ids.add(posthaste.accept("from@sender.example", both(i), message(i)));
            }
            for (int i = 0; i < MAILS; i++) {
                String id = ids.get(i);
                String settled = settled(i);
                String open = late(i);
                // The first attempts are in the log: one delivered, the other to be tried again.
                await().atMost(180, SECONDS)
                        .untilAsserted(() -> {
                            assertThat(posthaste.rest().finals(id)).containsOnlyKeys(settled);
                            assertThat(posthaste.rest().message(id).toString())
                                    .contains(open, "451");
                        });
            }
            Command healthy = Command.run(temp, "fsck", "--all", "--json", "--data-dir=" + data);
            assertThat(healthy.status()).as(healthy.toString()).isZero();
            assertThat(healthy.json().get("store").get("records").asInt()).isEqualTo(MAILS);

            Command suppressed =
                    Command.run(
                            temp,
                            "suppression",
                            "add",
                            "gone@suppressed.example",
                            "--class=complaint",
                            "--stream=transactional",
                            "--reason=by letter",
                            "--data-dir=" + data);
            assertThat(suppressed.status()).as(suppressed.toString()).isZero();
            Command exported =
                    Command.run(
                            temp, "suppression", "export", "--format=csv", "--data-dir=" + data);
            assertThat(exported.out()).as(exported.toString()).contains("gone@suppressed.example");
            Path list = Files.writeString(temp.resolve("suppressions.csv"), exported.out());

            posthaste.kill();
            deleteRecursively(data.resolve("kafka"));
            damageEveryBodyOf(data.resolve("bodies"), 0);
            tearAnEnd(data.resolve("bodies"));

            Command counted =
                    Command.run(temp, "recover", "--dry-run", "--json", "--data-dir=" + data);
            Command recovered = Command.run(temp, "recover", "--json", "--data-dir=" + data);
            for (Command command : List.of(counted, recovered)) {
                assertThat(command.status()).as(command.toString()).isEqualTo(3);
                JsonNode report = command.json();
                assertThat(report.get("resent").asInt()).isEqualTo(MAILS - 1);
                assertThat(report.get("settled").asInt()).isEqualTo(MAILS);
                assertThat(report.get("unknown").asInt()).isZero();
                assertThat(report.get("damagedBytes").asInt()).isPositive();
                assertThat(report.get("lost").asInt()).isEqualTo(1);
                assertThat(report.get("lostIds").toString()).contains(ids.getFirst(), late(0));
            }
            Command again = Command.run(temp, "recover", "--data-dir=" + data);
            assertThat(again.status()).isEqualTo(1);
            assertThat(again.err()).contains("posthaste: the topics have held records");
            Command forced =
                    Command.run(temp, "recover", "--force", "--json", "--data-dir=" + data);
            assertThat(forced.json().get("resent").asInt()).as(forced.toString()).isZero();
            assertThat(forced.json().get("queued").asInt()).isEqualTo(MAILS - 1);

            peer.forgetRules();
            posthaste.restart();
            // It stood in Kafka alone; what was exported comes back, as it was.
            assertThat(rcpt(posthaste, "gone@suppressed.example")).startsWith("250");
            Command imported =
                    Command.run(
                            temp, "suppression", "import", list.toString(), "--data-dir=" + data);
            assertThat(imported.status()).as(imported.toString()).isZero();
            await().atMost(60, SECONDS)
                    .until(() ->
                            rcpt(posthaste, "gone@suppressed.example")
                                    .startsWith(
                                            "550 5.7.1 <gone@suppressed.example>... "
                                                    + "suppressed: complaint"));
            await().atMost(180, SECONDS)
                    .untilAsserted(() -> {
                        for (int i = 1; i < MAILS; i++) {
                            assertThat(posthaste.rest().finals(ids.get(i)))
                                    .containsOnlyKeys(settled(i), late(i));
                        }
                    });
            assertThat(posthaste.rest().audit().get("queued").asInt()).isZero();
            List<String> got =
                    peer.accepted().stream()
                            .map(Transaction::recipients)
                            .flatMap(List::stream)
                            .toList();
            List<String> wanted = new ArrayList<>();
            for (int i = 0; i < MAILS; i++) {
                wanted.add(settled(i));
                if (i > 0) {
                    wanted.add(late(i));
                }
            }
            assertThat(got).containsExactlyInAnyOrderElementsOf(wanted);
        }
    }

    private static String rcpt(RunningPosthaste posthaste, String recipient) {
        try (SmtpDialogue client = posthaste.client()) {
            client.send("MAIL FROM:<a@b.example>").expect(250);
            return client.send("RCPT TO:<" + recipient + ">").reply().toString();
        }
    }

    private static String settled(int i) {
        return "settled" + i + "@recovery.example";
    }

    private static String late(int i) {
        return "late" + i + "@recovery.example";
    }

    private static List<String> both(int i) {
        return List.of(settled(i), late(i));
    }

    private static byte[] message(int i) {
        return ("Subject: recovery\r\n\r\nThe body of mail number " + i + ".\r\n").getBytes(UTF_8);
    }

    /** In {@code primary/} and in {@code deferred/}: no copy of it can be read. */
    private static void damageEveryBodyOf(Path bodies, int i) throws IOException {
        String text = "The body of mail number " + i + ".";
        int damaged = 0;
        for (Path file : segments(bodies)) {
            String bytes = Files.readString(file, ISO_8859_1);
            if (bytes.contains(text)) {
                Files.writeString(
                        file, bytes.replace(text, text.replace("body", "bodY")), ISO_8859_1);
                damaged++;
            }
        }
        assertThat(damaged).isPositive();
    }

    /** As a process leaves it that dies while it appends. */
    private static void tearAnEnd(Path bodies) throws IOException {
        Files.write(segments(bodies).getFirst(), new byte[100], StandardOpenOption.APPEND);
    }

    private static List<Path> segments(Path bodies) throws IOException {
        try (Stream<Path> all = Files.walk(bodies)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList();
        }
    }

    private static void deleteRecursively(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                            throws IOException {
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
