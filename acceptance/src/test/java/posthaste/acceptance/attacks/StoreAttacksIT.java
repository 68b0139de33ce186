package posthaste.acceptance.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static posthaste.acceptance.attacks.AttackedRelay.octets;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import posthaste.acceptance.RunningPosthaste;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SmtpDialogue;
import posthaste.testing.Transaction;
import posthaste.testing.s3.S3Fault;
import posthaste.testing.s3.S3Server;

/**
 * Attacks 18 and 85: a store that refuses while a message comes in (the broker's part is
 * EndOfDataIT's), and more messages at once than fit into memory.
 */
@Tag("full")
@DisplayNameGeneration(AttackNames.class)
@Timeout(600)
class StoreAttacksIT {
    private static final int STREAMED = 3_000_000;
    private static final int AT_ONCE = 50;
    private static final int MEGABYTES = 30;

    @TempDir static Path temp;

    @Attack(18)
    @Test
    void nothingOfAMessageThatTheStoreRefusesIsRun() throws Exception {
        try (S3Server s3 = S3Server.in(temp.resolve("s3"));
                ScriptedSmtpPeer sink = ScriptedSmtpPeer.start();
                RunningPosthaste posthaste =
                        RunningPosthaste.on(temp.resolve("data"))
                                .relayingTo(sink.hostAndPort())
                                .with("posthaste.smtp.acceptance-deadline", "5s")
                                .with("posthaste.body.store", "s3")
                                .with("posthaste.s3.endpoint", s3.endpoint())
                                .with("posthaste.s3.bucket", "mail")
                                .with("posthaste.s3.create-bucket", true)
                                .with("posthaste.s3.access-key", S3Server.ACCESS_KEY)
                                .with("posthaste.s3.secret-key", S3Server.SECRET_KEY)
                                .start();
                SmtpDialogue client = SmtpDialogue.greet(posthaste.smtpPort())) {
            client.send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<x@y.example>").expect(250);
            client.send("DATA").expect(354);
            client.sendBytes(octets("Subject: x\r\n\r\n" + "x\r\n".repeat(STREAMED / 6)));
            s3.faults().add(S3Fault.status(503));
            client.sendBytes(
                    octets(
                            "x\r\n".repeat(STREAMED / 6)
                                    + "RSET\r\nMAIL FROM:<evil@b.example>\r\n"
                                    + "RCPT TO:<victim@y.example>\r\nDATA\r\n\r\nevil\r\n.\r\n"));
            client.patience(Duration.ofSeconds(60));
            assertThat(client.reply().code()).isIn(451, 452);
            client.send("NOOP").expect(250, "2.0.0");

            s3.faults().clear();
            assertThat(
                            client.mail(
                                            "a@b.example",
                                            List.of("honest@y.example"),
                                            octets("Subject: y\r\n\r\n"))
                                    .code())
                    .isEqualTo(250);
            sink.awaitTransactions(1, Duration.ofSeconds(60));
            assertThat(sink.transactions())
                    .singleElement()
                    .satisfies(mail ->
                            assertThat(mail.recipients()).containsExactly("honest@y.example"));
        }
    }

    /** 1.5 GB at once in a heap of 256 MB, with broker and database in the same process. */
    @Attack(85)
    @Test
    void whatDoesNotFitIntoMemoryIsStreamed() throws Exception {
        byte[] block = octets(("x".repeat(998) + "\r\n").repeat(1000));
        MessageDigest body = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < MEGABYTES; i++) {
            body.update(block);
        }
        try (ScriptedSmtpPeer sink = ScriptedSmtpPeer.start().keepingDigestsOnly();
                RunningPosthaste posthaste =
                        RunningPosthaste.on(temp.resolve("small"))
                                .relayingTo(sink.hostAndPort())
                                .with("posthaste.smtp.max-message-size", "300MB")
                                .javaOptions("-Xms128m -Xmx256m -Xmn64m")
                                .start();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<SmtpDialogue.Reply>> replies =
                    IntStream.range(0, AT_ONCE)
                            .mapToObj(i -> clients.submit(() -> sendLarge(posthaste, i, block)))
                            .toList();
            for (Future<SmtpDialogue.Reply> reply : replies) {
                assertThat(reply.get().code()).isEqualTo(250);
            }
            assertThat(sink.awaitTransactions(AT_ONCE, Duration.ofMinutes(5)))
                    .hasSize(AT_ONCE)
                    .extracting(Transaction::bodySha256)
                    .containsOnly(HexFormat.of().formatHex(body.digest()));
            assertThat(posthaste.isRunning()).isTrue();
        }
    }

    private static SmtpDialogue.Reply sendLarge(RunningPosthaste posthaste, int i, byte[] block) {
        try (SmtpDialogue client = SmtpDialogue.greet(posthaste.smtpPort())) {
            client.patience(Duration.ofMinutes(5));
            client.send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<large-" + i + "@y.example>").expect(250);
            client.send("DATA").expect(354);
            client.send("Subject: large", "");
            for (int sent = 0; sent < MEGABYTES; sent++) {
                client.sendBytes(block);
            }
            return client.sendBytes(octets(".\r\n")).reply();
        }
    }
}
