package posthaste.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import posthaste.ingest.smtp.ListenerSettings.Limits;
import posthaste.queue.OutcomeUnknownException;
import posthaste.testing.SmtpDialogue;

/** Attacks 81 to 84, and our own parts failing: nobody waits for ever, nothing is taken twice. */
@Timeout(60)
class ResourcesIT {
    private static final String MESSAGE = "Subject: test\r\n\r\nx\r\n";
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void aCommandThatComesByDropsHasADeadline() throws InterruptedException {
        try (var ingest = ListenerUnderTest.start(limits(50, 40, SHORT, LONG, LONG, 0, LONG));
                var client = SmtpDialogue.greet(ingest.port())) {
            dripUntilClosed(client, "NOOP xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 50);
            await().untilAsserted(() -> assertThat(ingest.listener().sessions()).isZero());
            assertThat(ended(ingest, "timed-out")).isEqualTo(1);
        }
    }

    @Test
    void anIdleClientIsToldWhyItIsLeft() {
        try (var ingest = ListenerUnderTest.start(limits(50, 40, SHORT, LONG, LONG, 0, LONG));
                var client = SmtpDialogue.greet(ingest.port())) {
            client.expect(421, "4.4.2");
            client.expectClosed();
        }
    }

    @Test
    void aSessionHasADeadline() throws InterruptedException {
        Duration session = Duration.ofMillis(500);
        try (var ingest = ListenerUnderTest.start(limits(50, 40, LONG, LONG, session, 0, LONG));
                var client = SmtpDialogue.greet(ingest.port())) {
            client.mail("a@b.c", List.of("x@y.z"), MESSAGE.getBytes(ISO_8859_1));
            client.expect(421, "4.4.2");
            client.expectClosed();
            assertThat(ingest.accepted()).hasSize(1);
        }
    }

    @Test
    void aMessageHasADeadline() throws InterruptedException {
        Duration data = Duration.ofMillis(500);
        try (var ingest = ListenerUnderTest.start(limits(50, 40, LONG, data, LONG, 0, LONG));
                var client = SmtpDialogue.greet(ingest.port())) {
            beginMessage(client);
            dripUntilClosed(client, "x".repeat(60), 50);
            await().untilAsserted(() -> assertThat(ingest.listener().sessions()).isZero());
            assertThat(ingest.accepted()).isEmpty();
            assertThat(ingest.budget.used()).isZero();
        }
    }

    @Test
    void aMessageThatComesByDropsIsTooSlow() throws InterruptedException {
        try (var ingest = ListenerUnderTest.start(limits(50, 40, LONG, LONG, LONG, 1000, SHORT));
                var client = SmtpDialogue.greet(ingest.port())) {
            beginMessage(client);
            dripUntilClosed(client, "x".repeat(60), 50);
            await().untilAsserted(() -> assertThat(ingest.listener().sessions()).isZero());
            assertThat(ended(ingest, "timed-out")).isEqualTo(1);
        }
    }

    @Test
    void aClientThatReadsNoReplyIsDropped() {
        try (var ingest = ListenerUnderTest.start(limits(50, 40, SHORT, LONG, LONG, 0, LONG));
                var client = SmtpDialogue.greet(ingest.port())) {
            client.send("MAIL FROM:<a@b.c>").expect(250);
            byte[] batch = "RCPT TO:<x@y.z>\r\n".repeat(1000).getBytes(ISO_8859_1);
            try {
                // Replies pile up until the kernel takes no more of them.
                for (int i = 0; i < 10_000; i++) {
                    client.sendBytes(batch);
                }
            } catch (UncheckedIOException e) {
                assertThat(e).hasMessageMatching(".*(reset|pipe|abort).*");
            }
            await().untilAsserted(() -> assertThat(ingest.listener().sessions()).isZero());
            assertThat(ended(ingest, "timed-out")).isEqualTo(1);
        }
    }

    @Test
    void sessionsBeyondTheLimitAreToldSoAndTheOthersAreServed() {
        try (var ingest = ListenerUnderTest.start(limits(5, 5, LONG, LONG, LONG, 0, LONG))) {
            List<SmtpDialogue> idle = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                idle.add(SmtpDialogue.greet(ingest.port()));
            }
            for (int i = 0; i < 10; i++) {
                try (var client = SmtpDialogue.connect(ingest.port())) {
                    client.expect(421, "4.7.0");
                    client.expectClosed();
                }
            }
            idle.getFirst().mail("a@b.c", List.of("x@y.z"), MESSAGE.getBytes(ISO_8859_1));
            idle.forEach(SmtpDialogue::close);
            await().untilAsserted(() -> assertThat(ingest.listener().sessions()).isZero());
            SmtpDialogue.greet(ingest.port()).close();
            assertThat(ingest.accepted()).hasSize(1);
        }
    }

    @Test
    void oneAddressCannotTakeAllSessions() {
        try (var ingest = ListenerUnderTest.start(limits(50, 3, LONG, LONG, LONG, 0, LONG))) {
            List<SmtpDialogue> idle = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                idle.add(SmtpDialogue.greet(ingest.port()));
            }
            try (var client = SmtpDialogue.connect(ingest.port())) {
                client.expect(421, "4.7.0");
            }
            InetAddress here = InetAddress.ofLiteral("127.0.0.1");
            try (var other =
                    SmtpDialogue.connect(InetAddress.ofLiteral("127.0.0.9"), here, ingest.port())) {
                other.expect(220);
            }
            idle.forEach(SmtpDialogue::close);
        }
    }

    @Test
    void aFloodOfConnectionsLeavesNoneBehind() {
        try (var ingest = ListenerUnderTest.start()) {
            for (int i = 0; i < 500; i++) {
                SmtpDialogue.connect(ingest.port()).close();
            }
            await().untilAsserted(() -> assertThat(ingest.listener().sessions()).isZero());
            SmtpDialogue.greet(ingest.port()).close();
        }
    }

    @Test
    void aMessageForWhichThereIsNoMemoryComesBackLater() throws Exception {
        try (var ingest = ListenerUnderTest.start();
                var client = SmtpDialogue.greet(ingest.port())) {
            long others = ingest.budget.size() - 4096;
            ingest.budget.acquire(others, Duration.ZERO);
            beginMessage(client);
            client.sendBytes(
                    ("Subject: x\r\n\r\n" + "RSET\r\n".repeat(80_000)).getBytes(ISO_8859_1));
            client.sendBytes(".\r\n".getBytes(ISO_8859_1));
            client.expect(452, "4.3.1");
            assertThat(ingest.budget.used()).isEqualTo(others);

            ingest.budget.release(others);
            assertThat(client.mail("a@b.c", List.of("x@y.z"), MESSAGE.getBytes(ISO_8859_1)).code())
                    .isEqualTo(250);
        }
    }

    @Test
    void belowTheFreeSpaceFloorMailComesBackLater() {
        try (var ingest = ListenerUnderTest.start();
                var client = SmtpDialogue.greet(ingest.port())) {
            ingest.room = false;
            client.send("MAIL FROM:<a@b.c>").expect(452, "4.3.1");
            ingest.room = true;
            beginMessage(client);
            ingest.room = false;
            client.sendMessage(MESSAGE.getBytes(ISO_8859_1)).expect(452, "4.3.1");
            ingest.room = true;
            assertThat(ingest.accepted()).isEmpty();
            assertThat(client.mail("a@b.c", List.of("x@y.z"), MESSAGE.getBytes(ISO_8859_1)).code())
                    .isEqualTo(250);
        }
    }

    @Test
    void anUnknownOutcomeIsToldAndCountedApart() {
        try (var ingest =
                        ListenerUnderTest.start((records, deadline) -> {
                            throw new OutcomeUnknownException("no answer in time");
                        });
                var client = SmtpDialogue.greet(ingest.port())) {
            assertThat(client.mail("a@b.c", List.of("x@y.z"), MESSAGE.getBytes(ISO_8859_1)))
                    .hasToString("451 4.3.2 outcome unknown, try again later");
            assertThat(mails(ingest, "outcome-unknown")).isEqualTo(1);
            assertThat(mails(ingest, "refused-4xx")).isZero();
        }
    }

    @Test
    void anErrorOfOursIsARefusalAndTheSessionGoesOn() {
        try (var ingest =
                        ListenerUnderTest.start((records, deadline) -> {
                            throw new IllegalStateException("a test of what must not be");
                        });
                var client = SmtpDialogue.greet(ingest.port())) {
            assertThat(
                            client.mail("a@b.c", List.of("x@y.z"), MESSAGE.getBytes(ISO_8859_1))
                                    .toString())
                    .startsWith("451 4.3.0");
            client.send("NOOP").expect(250);
            assertThat(mails(ingest, "failed")).isEqualTo(1);
        }
    }

    @Test
    void aStopEndsIdleSessionsAndLetsAMailComeToItsEnd() throws InterruptedException {
        try (var ingest = ListenerUnderTest.start();
                var idle = SmtpDialogue.greet(ingest.port());
                var busy = SmtpDialogue.greet(ingest.port())) {
            beginMessage(busy);
            Thread stop =
                    Thread.ofVirtual()
                            .start(() ->
                                    ingest.listener()
                                            .stop(Duration.ofSeconds(20), Duration.ofSeconds(5)));
            idle.expect(421, "4.3.2");
            idle.expectClosed();
            try (var late = SmtpDialogue.connect(ingest.port())) {
                late.expect(421, "4.3.2");
            }
            busy.sendMessage(MESSAGE.getBytes(ISO_8859_1)).expect(250, "queued as");
            busy.expect(421, "4.3.2");
            stop.join();
            assertThat(ingest.accepted()).hasSize(1);
        }
    }

    @Test
    void aStopDoesNotWaitBeyondItsDrain() {
        try (var ingest = ListenerUnderTest.start();
                var busy = SmtpDialogue.greet(ingest.port())) {
            beginMessage(busy);
            ingest.listener().stop(Duration.ofMillis(200), Duration.ofSeconds(5));
            busy.expect(421, "4.3.2");
            busy.expectClosed();
            assertThat(ingest.accepted()).isEmpty();
            assertThat(ingest.budget.used()).isZero();
        }
    }

    @Test
    void aStopWaitsForTheReplyToAMailThatHasComeIn() throws InterruptedException {
        CountDownLatch publishing = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (var ingest =
                        ListenerUnderTest.start((records, deadline) -> {
                            publishing.countDown();
                            answer.await();
                        });
                var client = SmtpDialogue.greet(ingest.port())) {
            beginMessage(client);
            client.sendMessage(MESSAGE.getBytes(ISO_8859_1));
            publishing.await();
            Thread stop =
                    Thread.ofVirtual()
                            .start(() ->
                                    ingest.listener().stop(Duration.ZERO, Duration.ofSeconds(20)));
            assertThat(stop.join(Duration.ofMillis(300))).isFalse();
            answer.countDown();
            client.expect(250, "queued as");
            client.expect(421, "4.3.2");
            stop.join();
        }
    }

    private static void beginMessage(SmtpDialogue client) {
        client.send("MAIL FROM:<a@b.c>").expect(250);
        client.send("RCPT TO:<x@y.z>").expect(250);
        client.send("DATA").expect(354);
    }

    /** Sends an octet now and then; the reply may be lost to a reset, the end may not. */
    private static void dripUntilClosed(SmtpDialogue client, String octets, long pause)
            throws InterruptedException {
        try {
            for (byte octet : octets.getBytes(ISO_8859_1)) {
                client.sendBytes(new byte[] {octet});
                Thread.sleep(pause);
            }
        } catch (UncheckedIOException e) {
            assertThat(e).hasMessageMatching(".*(reset|pipe|abort).*");
            return;
        }
        client.expect(421, "4.4.2");
        client.expectClosed();
    }

    private static double ended(ListenerUnderTest ingest, String how) {
        return ingest.meters.get("posthaste.ingest.sessions").tag("end", how).counter().count();
    }

    private static double mails(ListenerUnderTest ingest, String outcome) {
        return ingest.meters
                .get("posthaste.ingest.mails")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static Limits limits(
            int sessions,
            int perAddress,
            Duration command,
            Duration data,
            Duration session,
            long rate,
            Duration grace) {
        return new Limits(
                1_500_000,
                3_000_000,
                1000,
                0,
                sessions,
                perAddress,
                20,
                30,
                Duration.ofSeconds(20),
                command,
                data,
                session,
                rate,
                grace);
    }
}
