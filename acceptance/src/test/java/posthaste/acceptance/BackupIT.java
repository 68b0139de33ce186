package posthaste.acceptance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SmtpDialogue;
import posthaste.testing.Transaction;

/** A copy made under load is a whole Posthaste: nothing that was settled before it is lost. */
@Tag("full")
class BackupIT {
    private static final int MAILS = 30;

    @TempDir private Path temp;

    @Test
    void aCopyMadeUnderLoadHoldsWhateverWasAcceptedBefore() throws Exception {
        Path data = temp.resolve("data");
        Path copy = temp.resolve("copy");
        Path backup = temp.resolve("backup");
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
                ScriptedSmtpPeer other = ScriptedSmtpPeer.start()) {
            Map<String, Integer> ids = new LinkedHashMap<>();
            try (RunningPosthaste posthaste =
                    RunningPosthaste.on(data)
                            .relayingTo(peer.hostAndPort())
                            .with("posthaste.retry.tiers", "20s")
                            .start()) {
                for (int i = 0; i < MAILS; i++) {
                    peer.onRcpt(late(i)).reply("451 4.7.1 come back later");
                    ids.put(posthaste.accept("from@sender.example", recipients(i), message()), i);
                }
                ids.forEach((id, i) ->
                        await().atMost(180, SECONDS)
                                .untilAsserted(() ->
                                        assertThat(posthaste.rest().finals(id))
                                                .containsOnlyKeys(settled(i))));
                AtomicBoolean ending = new AtomicBoolean();
                AtomicInteger during = new AtomicInteger();
                Thread load =
                        Thread.ofVirtual()
                                .start(() -> submitUntil(ending, posthaste.smtpPort(), during));
                Command made = Command.run(temp, "backup", backup.toString(), "--data-dir=" + data);
                ending.set(true);
                load.join();
                assertThat(made.status()).as(made.toString()).isZero();
                assertThat(during.get()).as("mails accepted during the backup").isPositive();
            }

            Command restored =
                    Command.run(temp, "restore", backup.toString(), "--data-dir=" + copy);
            assertThat(restored.status()).as(restored.toString()).isZero();
            Command checked = Command.run(temp, "fsck", "--all", "--json", "--data-dir=" + copy);
            assertThat(checked.status()).as(checked.toString()).isZero();
            Set<String> deliveredBefore = delivered(peer);

            try (RunningPosthaste posthaste =
                    RunningPosthaste.on(copy)
                            .relayingTo(other.hostAndPort())
                            .with("posthaste.retry.tiers", "20s")
                            .start()) {
                ids.forEach((id, i) -> {
                    await().atMost(180, SECONDS)
                            .untilAsserted(() ->
                                    assertThat(posthaste.rest().finals(id))
                                            .containsOnlyKeys(settled(i), late(i)));
                    assertThat(deliveredBefore).contains(settled(i));
                    assertThat(delivered(other)).contains(late(i)).doesNotContain(settled(i));
                });
                await().atMost(180, SECONDS)
                        .untilAsserted(() -> {
                            var audit = posthaste.rest().audit();
                            assertThat(audit.get("queued").asInt()).isZero();
                            assertThat(audit.get("unaccounted").asInt()).isZero();
                            assertThat(audit.get("deadLettered").asInt()).isZero();
                        });
            }
        }
    }

    private static Set<String> delivered(ScriptedSmtpPeer peer) {
        Set<String> delivered = new HashSet<>();
        peer.accepted().stream().map(Transaction::recipients).forEach(delivered::addAll);
        return delivered;
    }

    private static void submitUntil(AtomicBoolean ending, int port, AtomicInteger accepted) {
        try (SmtpDialogue client = SmtpDialogue.greet(port)) {
            while (!ending.get()) {
                int n = accepted.get();
                RunningPosthaste.idIn(
                        client.mail(
                                "from@sender.example",
                                List.of("during" + n + "@backup.example"),
                                message()));
                accepted.incrementAndGet();
            }
        }
    }

    private static List<String> recipients(int i) {
        return List.of(settled(i), late(i));
    }

    private static String settled(int i) {
        return "settled" + i + "@backup.example";
    }

    private static String late(int i) {
        return "late" + i + "@backup.example";
    }

    private static byte[] message() {
        return "Subject: backup\r\n\r\nTo be copied.\r\n".getBytes(StandardCharsets.UTF_8);
    }
}
