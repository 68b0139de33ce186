package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.ScriptedSmtpPeer;
import tools.jackson.databind.JsonNode;

/** A body is damaged on its disk: the check names its mail. */
class FsckIT {
    private static final String RECIPIENT = "late@fsck.example";
    private static final String TEXT = "The text of the mail.";

    @TempDir private Path temp;

    @Test
    void aDamagedBodyThatARecordNamesIsFound() throws Exception {
        Path data = temp.resolve("data");
        String dataDir = "--data-dir=" + data;
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
                RunningPosthaste posthaste =
                        RunningPosthaste.on(data)
                                .relayingTo(peer.hostAndPort())
                                .with("posthaste.retry.tiers", "5s")
                                .with("posthaste.body.slot", "1s")
                                .start()) {
            peer.onRcpt(RECIPIENT).reply("451 4.7.1 come back later");
            String id =
                    posthaste.accept(
                            "from@sender.example",
                            List.of(RECIPIENT),
                            ("Subject: fsck\r\n\r\n" + TEXT + "\r\n").getBytes(UTF_8));
            await().atMost(180, SECONDS)
                    .until(() -> posthaste.rest().message(id).toString().contains("451"));
            // A fresh body is in memory: what the disk has is read after a restart.
            posthaste.stop();
            replaceInSegment(data, TEXT, TEXT.replace("text", "tExt"));

            Command checked = Command.run(temp, "fsck", "--json", dataDir);
            assertThat(checked.status()).as(checked.toString()).isEqualTo(3);
            JsonNode store = checked.json().get("store");
            assertThat(store.get("damaged").asInt()).isEqualTo(1);
            assertThat(store.get("missing").asInt()).isZero();
            assertThat(store.get("lost").toString()).contains(id, "mail.deferred.5s");
        }
    }

    private static void replaceInSegment(Path data, String was, String is) throws IOException {
        for (Path file : segments(data)) {
            String bytes = Files.readString(file, ISO_8859_1);
            if (bytes.contains(was)) {
                Files.writeString(file, bytes.replace(was, is), ISO_8859_1);
                return;
            }
        }
        throw new AssertionError("no segment holds: " + was);
    }

    private static List<Path> segments(Path data) throws IOException {
        try (Stream<Path> all = Files.walk(data.resolve("bodies"))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList();
        }
    }
}
