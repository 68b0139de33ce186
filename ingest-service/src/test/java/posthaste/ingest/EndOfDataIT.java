package posthaste.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.testing.SmtpDialogue;

/** Attacks 1 to 24 of the attack list: where a message ends, and what is run after it. */
class EndOfDataIT {
    private static final String HEADER = "Subject: attack\r\n\r\n";

    private ListenerUnderTest ingest;
    private SmtpDialogue client;

    @BeforeEach
    void connect() {
        ingest = ListenerUnderTest.start();
        client = SmtpDialogue.greet(ingest.port());
    }

    @AfterEach
    void disconnect() {
        client.close();
        ingest.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\n.\nMAIL FROM:<s@b.c>\r\n",
                "x\n.\r\nMAIL FROM:<s@b.c>\r\n",
                "x\r\n.\nMAIL FROM:<s@b.c>\r\n",
                "x\r.\rMAIL FROM:<s@b.c>\r\n",
                "x\r.\nMAIL FROM:<s@b.c>\r\n",
                "x\n.\rMAIL FROM:<s@b.c>\r\n",
                "x\r.\r\nMAIL FROM:<s@b.c>\r\n",
                "x\r\n.\rMAIL FROM:<s@b.c>\r\n",
                "x\r\r\n.\r\r\nMAIL FROM:<s@b.c>\r\n",
                "x\r\n\0.\r\nMAIL FROM:<s@b.c>\r\n",
                "x\r\n.\0\r\nMAIL FROM:<s@b.c>\r\n",
                ".\nMAIL FROM:<s@b.c>\r\n",
                ".\rMAIL FROM:<s@b.c>\r\n",
                "Subject: a\nBcc: evil@x.example\r\n\r\nx\r\n",
                "x\r\n.\r",
            })
    void whatOnlyLooksLikeAnEndIsRefusedAtTheTrueEnd(String body) {
        beginMessage();

        send(body + "\r\n.\r\n");

        client.expect(550, "5.5.2");
        client.send("NOOP").expect(250);
        assertThat(ingest.accepted()).isEmpty();
        acceptsAnotherMail();
    }

    @Test
    void stuffedDotsAreTakenOut() {
        String message = HEADER + "..x\r\n.x\r\n..\r\n.\r\n...\r\nx.\r\n.";
        beginMessage();

        client.sendMessage(message.getBytes(ISO_8859_1)).expect(250, "queued as");

        assertThat(ingest.accepted().getFirst().message()).isEqualTo(message + "\r\n");
    }

    @Test
    void theEndIsFoundInFourSegments() throws InterruptedException {
        beginMessage();
        for (String segment : List.of(HEADER + "x\r", "\n.", "\r", "\n")) {
            send(segment);
            Thread.sleep(20);
        }
        client.expect(250, "queued as");
        client.send("NOOP").expect(250);
        assertThat(ingest.accepted().getFirst().message()).isEqualTo(HEADER + "x\r\n");
    }

    @Test
    void anEmptyMessageIsAMail() {
        beginMessage();
        send(".\r\n");
        client.expect(250, "queued as");
        client.send("NOOP").expect(250, "2.0.0");
        assertThat(ingest.accepted().getFirst().message()).isEmpty();
    }

    @Test
    void nothingOfATooLargeMessageIsRun() {
        beginMessage();
        send(HEADER + "x".repeat(1_600_000) + "\r\n");
        send("RSET\r\nMAIL FROM:<evil@b.c>\r\nRCPT TO:<x@y.z>\r\nDATA\r\n\r\nevil\r\n");
        send(".\r\n");

        client.expect(552, "5.3.4");
        client.send("NOOP").expect(250);
        assertThat(ingest.accepted()).isEmpty();
        assertThat(ingest.budget.used()).isZero();
        acceptsAnotherMail();
    }

    @Test
    void aBareDotAfterTooMuchIsNoEndEither() {
        beginMessage();
        send(HEADER + "x".repeat(1_600_000) + "\r\n.\nHELP\r\nHELP\r\n.\r\n");
        client.expect(552);
        client.send("NOOP").expect(250, "2.0.0");
        assertThat(ingest.accepted()).isEmpty();
    }

    @Test
    void whoGoesOnAfterARefusalIsCutOff() {
        beginMessage();
        String block = ("x".repeat(998) + "\r\n").repeat(100);
        try {
            for (int i = 0; i < 60; i++) {
                send(block);
            }
            client.expect(421, "4.7.0");
            client.expectClosed();
        } catch (java.io.UncheckedIOException e) {
            // A reset while we still write is the same answer.
            assertThat(e).hasMessageMatching(".*(reset|pipe|abort).*");
        }
        assertThat(ingest.accepted()).isEmpty();
        await().untilAsserted(() -> assertThat(ingest.listener().sessions()).isZero());
        assertThat(ingest.budget.used()).isZero();
    }

    @Test
    void aStoreThatRefusesGetsOneReplyAfterTheDot() {
        beginMessage();
        ingest.bodies.setAvailable(false);
        send(HEADER + "x\r\n".repeat(400_000));
        send("RSET\r\nMAIL FROM:<evil@b.c>\r\n.\r\n");

        client.expect(451, "4.3.0");
        client.send("NOOP").expect(250);
        assertThat(ingest.accepted()).isEmpty();
        ingest.bodies.setAvailable(true);
        acceptsAnotherMail();
    }

    @Test
    void aBrokerThatRefusesGetsOneReplyAfterTheDot() {
        beginMessage();
        ingest.queue.setAvailable(false);
        send(HEADER + "RSET\r\nMAIL FROM:<evil@b.c>\r\n.\r\n");

        client.expect(451, "4.3.0");
        client.send("NOOP").expect(250);
        ingest.queue.setAvailable(true);
        acceptsAnotherMail();
        assertThat(ingest.accepted()).hasSize(1);
    }

    @Test
    void aClientThatClosesInTheMiddleLeavesNothingBehind() {
        beginMessage();
        send(HEADER + "half a mess");
        client.close();
        await().untilAsserted(() -> assertThat(ingest.listener().sessions()).isZero());
        assertThat(ingest.accepted()).isEmpty();
        assertThat(ingest.bodies.count()).isZero();
        assertThat(ingest.budget.used()).isZero();
    }

    @Test
    void aClientThatClosesAfterTheDotHasOneMailInTheQueueAtMost() {
        beginMessage();
        send(HEADER + "x\r\n.\r\n");
        client.close();
        await().untilAsserted(() -> assertThat(ingest.listener().sessions()).isZero());
        assertThat(ingest.accepted()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void dataWithoutRecipientsClosesOnAClientThatDoesNotWait() {
        send("MAIL FROM:<a@b.c>\r\nDATA\r\nRSET\r\nMAIL FROM:<evil@b.c>\r\n.\r\n");
        client.expect(250);
        client.expect(554, "5.5.1");
        client.expectClosed();
    }

    private void beginMessage() {
        client.patience(Duration.ofSeconds(10));
        client.send("MAIL FROM:<a@b.c>").expect(250);
        client.send("RCPT TO:<x@y.z>").expect(250);
        client.send("DATA").expect(354);
    }

    private void acceptsAnotherMail() {
        int before = ingest.accepted().size();
        assertThat(client.mail("a@b.c", List.of("x@y.z"), (HEADER + "ok").getBytes(ISO_8859_1)))
                .hasFieldOrPropertyWithValue("code", 250);
        assertThat(ingest.accepted()).hasSize(before + 1);
        assertThat(ingest.accepted().getLast().message()).isEqualTo(HEADER + "ok\r\n");
    }

    private void send(String octets) {
        client.sendBytes(octets.getBytes(ISO_8859_1));
    }
}
