package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.ScriptedSmtpPeer;

/** The delivery log anew from the topics, after its database is gone. */
class ReindexIT {
    private static final int MAILS = 2;

    @TempDir private Path temp;

    @Test
    void afterTheLossOfTheDatabaseEachMailHasTheSameStory() throws Exception {
        Path data = temp.resolve("data");
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
                RunningPosthaste posthaste =
                        RunningPosthaste.on(data).relayingTo(peer.hostAndPort()).start()) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < MAILS; i++) {
                peer.onRcpt(unknown(i)).reply("550 5.1.1 no such user");
                ids.add(
                        posthaste.accept(
                                "from@sender.example",
                                List.of("known" + i + "@reindex.example", unknown(i)),
                                ("Subject: reindex\r\n\r\nNumber " + i + ".\r\n").getBytes(UTF_8)));
            }
            await().atMost(180, SECONDS)
                    .untilAsserted(() -> {
                        for (String id : ids) {
                            assertThat(posthaste.rest().finals(id)).hasSize(2);
                        }
                        // The ends may be in the log before the acceptances are.
                        assertThat(posthaste.rest().audit().get("accepted").asInt())
                                .isEqualTo(2 * MAILS + MAILS);
                    });
            assertThat(posthaste.stop()).isZero();
            List<String> stories = stories(data, ids);
            assertThat(stories)
                    .allSatisfy(story ->
                            assertThat(story)
                                    .contains(
                                            "delivered",
                                            "bounced",
                                            "INVALID_RECIPIENT",
                                            "RCPT TO:<unknown"));

            delete(data.resolve("postgres").resolve("cluster"));
            Command anew = Command.run(temp, "reindex", "--json", "--data-dir=" + data);
            assertThat(anew.status()).as(anew.toString()).isZero();
            assertThat(anew.json().get("records").asInt()).isGreaterThanOrEqualTo(3 * MAILS);
            assertThat(stories(data, ids)).isEqualTo(stories);

            posthaste.restart();
            Command again = Command.run(temp, "reindex", "--data-dir=" + data);
            assertThat(again.status()).as(again.toString()).isZero();
            await().atMost(120, SECONDS)
                    .untilAsserted(() -> {
                        assertThat(posthaste.rest().audit().get("accepted").asInt())
                                .isEqualTo(2 * MAILS + MAILS);
                        assertThat(posthaste.rest().audit().get("unaccounted").asInt()).isZero();
                    });
            assertThat(stories(data, ids)).isEqualTo(stories);
        }
    }

    private List<String> stories(Path data, List<String> ids) {
        List<String> stories = new ArrayList<>();
        for (String id : ids) {
            Command told = Command.run(temp, "trace", id, "--json", "--data-dir=" + data);
            assertThat(told.status()).as(told.toString()).isZero();
            stories.add(told.json().toString());
        }
        return stories;
    }

    private static String unknown(int i) {
        return "unknown" + i + "@reindex.example";
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }
}
