package posthaste.acceptance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SmtpDialogue;

/** Invariants 1 to 3 under {@code kill -9}: no loss, no phantom, and few duplicates. */
class CrashIT {
    private static final int CLIENTS = 8;
    private static final int KILLS = 2;
    private static final int ACCEPTED_PER_LIFE = 300;

    /** Records being handled at once: together with what a commit covers, the most that repeat. */
    private static final int IN_FLIGHT = 60;

    @TempDir static Path temp;

    @Test
    void killedUnderLoadItLosesNothing() throws Exception {
        Ledger ledger = new Ledger();
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
                EventReceiver receiver = new EventReceiver();
                RunningPosthaste posthaste =
                        RunningPosthaste.on(temp.resolve("data"))
                                .relayingTo(peer.hostAndPort())
                                .with("posthaste.retry.tiers", "1s,2s")
                                .with("posthaste.queue.in-flight", IN_FLIGHT)
                                .with("posthaste.webhooks.ledger.url", receiver.url())
                                .with("posthaste.webhooks.ledger.secret", "a secret of the ledger")
                                .with("posthaste.webhooks.ledger.longest-pause", "200ms")
                                .start()) {
            for (int i = 0; i < 100; i++) {
                peer.onRcpt(recipient(i * 20)).once().reply("451 4.7.1 come back later");
                peer.onRcpt(recipient(i * 20 + 1)).reply("550 5.1.1 no such user here");
            }
            AtomicInteger next = new AtomicInteger();
            Load load = new Load(posthaste.smtpPort(), ledger, next);
            try {
                for (int life = 1; life <= KILLS; life++) {
                    int wanted = life * ACCEPTED_PER_LIFE;
                    await().atMost(60, SECONDS).until(() -> ledger.ok() >= wanted);
                    posthaste.kill();
                    posthaste.restart();
                }
                await().atMost(60, SECONDS)
                        .until(() -> ledger.ok() >= (KILLS + 1) * ACCEPTED_PER_LIFE);
            } finally {
                load.end();
            }

            await().atMost(90, SECONDS).until(() -> ledger.open(peer.accepted()).isEmpty());
            await().atMost(60, SECONDS)
                    .untilAsserted(() -> {
                        var audit = posthaste.rest().audit();
                        assertThat(audit.get("queued").asLong()).isZero();
                        assertThat(audit.get("unaccounted").asLong()).isZero();
                        // Every 250 is an accepted row, and the DSNs are mails, too.
                        assertThat(audit.get("accepted").asLong())
                                .isGreaterThanOrEqualTo(ledger.ok());
                    });
            await().atMost(60, SECONDS)
                    .untilAsserted(
                            () -> assertThat(receiver.ended()).containsAll(ledger.accepted()));
            System.out.println("webhook: " + receiver.repeated() + " ends told again");
            Ledger.Count count = ledger.count(peer.accepted());
            System.out.println("ledger of " + KILLS + " kills: " + count);
            assertThat(count.loss()).isEmpty();
            assertThat(count.phantom()).isEmpty();
            assertThat(count.corrupt()).isEmpty();
            assertThat(count.duplicates()).isLessThanOrEqualTo(KILLS * 2 * IN_FLIGHT);
        }
    }

    private static String recipient(int n) {
        return n + "@ledger.example";
    }

    /** Clients that hand in mail after mail, and go on when they are cut off. */
    private static final class Load {
        private final int port;
        private final Ledger ledger;
        private final AtomicInteger next;
        private final List<Thread> clients = new ArrayList<>();
        private volatile boolean ending;

        Load(int port, Ledger ledger, AtomicInteger next) {
            this.port = port;
            this.ledger = ledger;
            this.next = next;
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(Thread.ofVirtual().name("client " + i).start(this::submitAll));
            }
        }

        private void submitAll() {
            while (!ending) {
                try (SmtpDialogue client = SmtpDialogue.greet(port)) {
                    while (!ending) {
                        submit(client, recipient(next.getAndIncrement()));
                    }
                } catch (AssertionError | UncheckedIOException e) {
                    // It was killed; the next one is on its way up.
                    pause();
                }
            }
        }

        private void submit(SmtpDialogue client, String recipient) {
            ledger.note(recipient, Ledger.Said.INFO);
            SmtpDialogue.Reply reply =
                    client.mail(
                            "sender@ledger-sender.example",
                            List.of(recipient),
                            Ledger.message(recipient));
            ledger.note(recipient, reply.code() == 250 ? Ledger.Said.OK : Ledger.Said.FAIL);
        }

        private static void pause() {
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void end() throws InterruptedException {
            ending = true;
            for (Thread client : clients) {
                client.join();
            }
        }
    }
}
