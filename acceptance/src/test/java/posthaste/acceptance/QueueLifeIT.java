package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SmtpDialogue;
import posthaste.testing.Transaction;

/** The queue over restarts, and without its database. */
class QueueLifeIT {
    private static final byte[] MESSAGE = "Subject: life\r\n\r\nHello.\r\n".getBytes(UTF_8);

    @TempDir static Path temp;

    @Test
    void aRestartGoesOnWhereItWas() throws Exception {
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
                RunningPosthaste posthaste =
                        RunningPosthaste.on(temp.resolve("restarted"))
                                .relayingTo(peer.hostAndPort())
                                .with("posthaste.retry.tiers", "1s,2s")
                                .start()) {
            peer.onRcpt("late@later.example").reply("451 4.7.1 not today");
            peer.onRcpt("never@later.example").reply("451 4.7.1 not today, nor ever");
            String late =
                    posthaste.accept("ada@sender.example", List.of("late@later.example"), MESSAGE);
            String never =
                    posthaste.accept("eve@sender.example", List.of("never@later.example"), MESSAGE);
            await().atMost(30, SECONDS)
                    .until(() ->
                            posthaste.rest().kinds(late).contains("deferred")
                                    && posthaste.rest().kinds(never).contains("deferred"));
            await().atMost(30, SECONDS)
                    .until(() -> posthaste.rest().audit().get("queued").asLong() == 2);
            assertThat(posthaste.rest().queues().toString()).contains("later.example");

            assertThat(posthaste.stop()).as("status of an orderly stop").isZero();
            peer.forgetRules();
            peer.onRcpt("never@later.example").reply("451 4.7.1 not today, nor ever");
            posthaste.restartWith("posthaste.retry.lifetime", "1s");

            // The one that is taken now has had its attempt; expiry is decided only after a failed
            // one.
            await().atMost(30, SECONDS)
                    .until(() -> posthaste.rest().finals(late).containsValue("delivered"));
            await().atMost(30, SECONDS)
                    .until(() -> posthaste.rest().finals(never).containsValue("expired"));
            Transaction dsn =
                    peer.accepted().stream()
                            .filter(mail -> mail.recipients().contains("eve@sender.example"))
                            .findFirst()
                            .orElseThrow();
            assertThat(dsn.reversePath()).isEmpty();
            assertThat(dsn.messageText())
                    .contains("never@later.example")
                    .contains("Action: failed")
                    .contains("nor ever");
            await().atMost(30, SECONDS)
                    .until(() -> posthaste.rest().audit().get("queued").asLong() == 0);
            assertThat(posthaste.rest().audit().get("unaccounted").asLong()).isZero();
        }
    }

    @Test
    void noMailWaitsForTheDatabase() throws Exception {
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
                RunningPosthaste posthaste =
                        RunningPosthaste.on(temp.resolve("without database"))
                                .relayingTo(peer.hostAndPort())
                                .with("posthaste.retry.tiers", "1s,2s")
                                .start()) {
            peer.onRcpt("grey@x.example").once().reply("451 4.7.1 come back later");
            long killed = killDatabase(posthaste);
            String plain =
                    posthaste.accept("ada@sender.example", List.of("plain@x.example"), MESSAGE);
            String grey =
                    posthaste.accept("ada@sender.example", List.of("grey@x.example"), MESSAGE);
            peer.awaitTransactions(2, java.time.Duration.ofSeconds(30));

            // It is started again, and the log catches up.
            await().atMost(60, SECONDS)
                    .ignoreExceptions()
                    .until(() ->
                            posthaste.rest().finals(plain).containsValue("delivered")
                                    && posthaste.rest().finals(grey).containsValue("delivered"));
            assertThat(databasePid(posthaste)).isNotEqualTo(killed);
        }
    }

    @Test
    void aSessionInItsMiddleHearsOfTheStopAndTheStopIsPrompt() {
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
                RunningPosthaste posthaste =
                        RunningPosthaste.on(temp.resolve("stopped"))
                                .relayingTo(peer.hostAndPort())
                                .start();
                SmtpDialogue idle = posthaste.client()) {
            long begin = System.nanoTime();
            assertThat(posthaste.stop()).isZero();
            assertThat(SECONDS.convert(java.time.Duration.ofNanos(System.nanoTime() - begin)))
                    .isLessThan(20);
            idle.expect(421);
            idle.expectClosed();
        }
    }

    private static long killDatabase(RunningPosthaste posthaste) throws Exception {
        long pid = databasePid(posthaste);
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        return pid;
    }

    private static long databasePid(RunningPosthaste posthaste) throws Exception {
        return Long.parseLong(
                java.nio.file.Files.readAllLines(
                                posthaste.dataDir().resolve("postgres/cluster/postmaster.pid"))
                        .getFirst());
    }
}
