package posthaste.acceptance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.Transaction;

/** Invariant 5: large mails pass through a small heap, byte for byte. */
class LargeMailIT {
    private static final long MIB = 1024 * 1024;

    @TempDir static Path temp;
    private static ScriptedSmtpPeer peer;
    private static RunningPosthaste posthaste;

    @BeforeAll
    static void start() {
        peer = ScriptedSmtpPeer.start().keepingDigestsOnly();
        posthaste =
                RunningPosthaste.on(temp.resolve("data"))
                        .relayingTo(peer.hostAndPort())
                        // The start's own choice of collector, in the heap that is promised.
                        .javaOptions("-Xmx512m")
                        .start();
    }

    @AfterAll
    static void stop() {
        posthaste.close();
        peer.close();
    }

    @Test
    void largeMailsAtOncePassByteForByte() {
        pass(List.of(new LargeMessage(1, 60 * MIB)));
        pass(IntStream.range(10, 30).mapToObj(i -> new LargeMessage(i, 5 * MIB)).toList());
    }

    @Tag("full")
    @Test
    void oneOf100MiBAnd50Of25MiBAtOncePassByteForByte() {
        pass(List.of(new LargeMessage(100, 100 * MIB)));
        pass(IntStream.range(101, 151).mapToObj(i -> new LargeMessage(i, 25 * MIB)).toList());
    }

    private static void pass(List<LargeMessage> messages) {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> replies =
                    messages.stream()
                            .map(message ->
                                    clients.submit(() -> message.submit(posthaste.smtpPort())))
                            .toList();
            assertThat(replies)
                    .allSatisfy(
                            reply -> assertThat(reply.get()).startsWith("250 2.0.0 queued as "));
        }
        await().atMost(240, SECONDS)
                .until(() -> arrived().keySet().containsAll(recipients(messages)));
        for (LargeMessage message : messages) {
            Transaction mail = arrived().get(message.recipient());
            assertThat(mail.bodySha256()).isEqualTo(message.bodySha256());
            assertThat(mail.headerSection())
                    .endsWith("\r\nSubject: large\r\nX-Kept: as it is\r\n\r\n");
        }
        assertThat(peer.accepted()).as("each once").hasSize(arrived().size());
        assertThat(posthaste.isRunning()).isTrue();
    }

    private static Map<String, Transaction> arrived() {
        return peer.accepted().stream()
                .collect(
                        Collectors.toMap(
                                mail -> mail.recipients().getFirst(),
                                Function.identity(),
                                (first, _) -> first));
    }

    private static List<String> recipients(List<LargeMessage> messages) {
        return messages.stream().map(LargeMessage::recipient).toList();
    }
}
