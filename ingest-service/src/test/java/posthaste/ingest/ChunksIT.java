package posthaste.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.ingest.message.MessageHeader;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.mail.status.Reply;
import posthaste.testing.SmtpDialogue;

/** CHUNKING (RFC 3030): messages by BDAT, and attacks 25 to 32 of the attack list. */
class ChunksIT {
    private static final String HEADER = "Subject: chunks\r\n\r\n";
    private static final String MAIL = "MAIL FROM:<a@b.c>\r\nRCPT TO:<x@y.z>\r\n";
    private static final int LIMIT = (int) ListenerUnderTest.LIMITS.messageSize();
    private static final int DRAIN = (int) ListenerUnderTest.LIMITS.drain();

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

    @Test
    void chunksAreOffered() {
        assertThat(client.send("EHLO client.test").expect(250).text()).contains("CHUNKING");
        assertThat(client.send("EHLO client.test").expect(250).text()).doesNotContain("BINARY");
    }

    @Test
    void aMailOfSeveralChunksIsOneMailOctetForOctet() {
        String message = HEADER + ".\r\n..\r\n.\r\nRSET\r\n\u00e4\u00ff\r\n";
        begin();
        chunk(message.substring(0, 9), "");
        client.expect(250, "2.0.0 9 octets");
        chunk("", "");
        client.expect(250, "2.0.0 0 octets");
        client.send("NOOP").expect(250);
        client.send("VRFY x").expect(252);
        chunk(message.substring(9), " LAST");
        client.expect(250, "2.0.0 queued as");
        isInStep();
        assertThat(ingest.accepted())
                .singleElement()
                .extracting(ListenerUnderTest.Accepted::message)
                .isEqualTo(message);
    }

    @Test
    void aWholeSessionOfChunkedMailsFitsIntoOneWrite() {
        String mail = MAIL + "BDAT 19\r\n" + HEADER + "BDAT 3\r\nx\r\nBDAT 0 LAST\r\n";
        send(mail + mail + "QUIT\r\n");
        for (int i = 0; i < 2; i++) {
            client.expect(250, "2.1.0");
            client.expect(250, "2.1.5");
            client.expect(250, "19 octets");
            client.expect(250, "3 octets");
            client.expect(250, "queued as");
        }
        client.expect(221);
        client.expectClosed();
        assertThat(ingest.accepted())
                .hasSize(2)
                .allMatch(m -> m.message().equals(HEADER + "x\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Subject: x\r\n\r\nbody", "Subject: x", "x\r\n", ""})
    void aLastLineWithoutItsEndGetsIt(String message) {
        begin();
        chunk(message, " LAST");
        client.expect(250, "queued as");
        boolean lacksIt = !message.isEmpty() && !message.endsWith("\r\n");
        assertThat(ingest.accepted().getFirst().message())
                .isEqualTo(lacksIt ? message + "\r\n" : message);
    }

    @Test
    void whatNextHopsCouldNotBeSentIsRefusedAtTheEndOfItsChunk() {
        for (String wrong : List.of("x\n", "x\ry", "x\0y\r\n", "\n.\n", "x\r")) {
            begin();
            chunk(HEADER + wrong, " LAST");
            client.expect(550, "5.5.2");
            isInStep();
        }
        begin();
        chunk(HEADER + "x\n", "");
        client.expect(550, "5.5.2");
        // The client had sent more before it read that (RFC 3030 section 2).
        chunk("RSET\r\n" + MAIL, " LAST");
        client.expect(503, "5.5.1");
        isInStep();
        assertThat(ingest.accepted()).isEmpty();
    }

    @Test
    void aMessageWithinTheLimitIsTakenWhateverItsChunks() {
        begin();
        String line = "x".repeat(98) + "\r\n";
        String message = HEADER + line.repeat((LIMIT - HEADER.length()) / 100);
        chunk(message.substring(0, 700_000), "");
        client.expect(250);
        chunk(message.substring(700_000), " LAST");
        client.expect(250, "queued as");
        assertThat(ingest.accepted().getFirst().message()).isEqualTo(message);
        assertThat(ingest.budget.used()).isLessThan(3L * LIMIT);
    }

    @Test
    void whatIsTooLargeIsReadDroppedAndRefused() {
        begin();
        chunk("x".repeat(LIMIT / 2 + 1), "");
        client.expect(250);
        chunk("RSET\r\n".repeat(LIMIT / 12 + 1), "");
        client.expect(552, "5.3.4");
        isInStep();
        begin();
        chunk("RSET\r\n".repeat(LIMIT / 6 + 1), " LAST");
        client.expect(552, "5.3.4");
        isInStep();
        assertThat(ingest.accepted()).isEmpty();
    }

    @Test
    void whatIsTooLargeToBeDroppedEndsTheConnection() {
        begin();
        send("BDAT " + (DRAIN + 1) + " LAST\r\nRSET\r\n" + MAIL);
        client.expect(552, "5.3.4");
        client.expectClosed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " -1",
                " abc",
                " +5 LAST",
                " 0x10",
                " 1e3",
                " 5,5",
                " LAST",
                " 5 FIRST",
                " 5 LAST LAST",
                " 5LAST",
                "5 LAST",
                "\t5 LAST",
                "X 5 LAST",
                " 5\tLAST",
                " 000000000000000000005"
            })
    void whereItIsNotKnownHowManyOctetsFollowTheConnectionEnds(String argument) {
        begin();
        send("BDAT" + argument + "\r\nRSET\r\n" + MAIL);
        assertThat(client.reply().code()).isBetween(500, 501);
        client.expectClosed();
    }

    @Test
    void aBdatThatIsNoLineEndsTheConnection() {
        for (String line :
                List.of(
                        "BDAT 5 LAST" + " ".repeat(1100),
                        "bdat 5\u00ff",
                        "BDAT 5 " + "x".repeat(40_000))) {
            try (SmtpDialogue other = SmtpDialogue.greet(ingest.port())) {
                other.sendBytes((MAIL + line + "\r\nRSET\r\n").getBytes(ISO_8859_1));
                other.expect(250);
                other.expect(250);
                assertThat(other.reply().code()).isBetween(500, 501);
                other.expectClosed();
            }
        }
    }

    @Test
    void chunksOfNoMailAreDropped() {
        chunk("RSET\r\n" + MAIL, "");
        client.expect(503, "5.5.1");
        client.send("MAIL FROM:<a@b.c>").expect(250);
        chunk("RCPT TO:<victim@y.z>\r\n", " LAST");
        client.expect(503, "5.5.1");
        client.send("RCPT TO:<no one@y.z>").expect(501);
        chunk("RCPT TO:<victim@y.z>\r\n", " last");
        client.expect(554, "5.5.1");
        client.send("RCPT TO:<x@y.z>").expect(250);
        chunk(HEADER, " lasT");
        client.expect(250, "queued as");
        assertThat(ingest.accepted().getFirst().recipients()).containsExactly("x@y.z");
    }

    @Test
    void whileAMessageComesInChunksNothingElseOfItsTransactionIsTaken() {
        begin();
        chunk(HEADER, "");
        client.expect(250);
        client.send("DATA").expect(503);
        client.send("MAIL FROM:<a@b.c>").expect(503);
        client.send("RCPT TO:<late@y.z>").expect(503);
        client.send("XYZZY").expect(500);
        chunk("x\r\n", " LAST");
        client.expect(250, "queued as");
        assertThat(ingest.accepted().getFirst().recipients()).containsExactly("x@y.z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSET", "EHLO again.test", "HELO again.test"})
    void whatForgetsTheMailForgetsItsChunks(String command) {
        begin();
        chunk(HEADER, "");
        client.expect(250);
        client.send(command).expect(250);
        chunk("x\r\n", " LAST");
        client.expect(503);
        begin();
        chunk("Subject: new\r\n", " LAST");
        client.expect(250, "queued as");
        assertThat(ingest.accepted())
                .singleElement()
                .extracting(ListenerUnderTest.Accepted::message)
                .isEqualTo("Subject: new\r\n");
        assertThat(ingest.budget.used()).isLessThan(1 << 20);
    }

    @Test
    void quitAmongChunksIsGoodBye() {
        begin();
        chunk(HEADER, "");
        client.expect(250);
        client.send("QUIT").expect(221);
        client.expectClosed();
        assertThat(ingest.accepted()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BDAT 1000 LAST\r\nonly",
                "BDAT 4\r\nonly",
                "BDAT 5 LAST\r\nonly",
                "BDAT 4\r\nonlyBDAT 0"
            })
    void whoClosesBeforeTheEndHasSentNothing(String octets) {
        begin();
        send(octets);
        client.close();
        await().untilAsserted(() -> assertThat(ingest.listener().sessions()).isZero());
        assertThat(ingest.accepted()).isEmpty();
        assertThat(ingest.budget.used()).isZero();
    }

    @Test
    void binaryMimeIsNotOfferedAndRefused() {
        client.send("MAIL FROM:<a@b.c> BODY=BINARYMIME").expect(501, "5.5.4");
    }

    @Test
    void addressesAndHeadersInUtf8ComeInChunks() {
        client.send("MAIL FROM:<\u00fc@b.c> SMTPUTF8 BODY=8BITMIME").expect(250);
        client.send("RCPT TO:<\u00fc@y.z>").expect(250);
        String message = new String("Subject: \u00fc\r\n".getBytes(UTF_8), ISO_8859_1);
        chunk(message, " LAST");
        client.expect(250, "queued as");
        assertThat(ingest.accepted().getFirst().message()).isEqualTo(message);
        assertThat(ingest.accepted().getFirst().receivedField()).contains("with UTF8SMTP");
    }

    @Test
    void policiesSeeTheHeaderOfChunksAndWhatTheyRefuseIsNotAwaited() {
        SubmissionPolicy noCampaigns =
                new SubmissionPolicy() {
                    @Override
                    public Optional<Reply> header(Submission mail, MessageHeader header) {
                        return header.first("Campaign").map(_ -> new Reply(550, "5.7.1 none"));
                    }
                };
        try (ListenerUnderTest strict = ListenerUnderTest.start(noCampaigns);
                SmtpDialogue other = SmtpDialogue.greet(strict.port())) {
            other.send("MAIL FROM:<a@b.c>", "RCPT TO:<x@y.z>", "BDAT 13", "Campaign: 1");
            other.expect(250);
            other.expect(250);
            other.expect(250, "13 octets");
            other.send("BDAT 5", "", "x").expect(550, "5.7.1");
            other.send("MAIL FROM:<a@b.c>").expect(250);
            assertThat(strict.accepted()).isEmpty();
        }
    }

    @Test
    void patienceForAMessageHoldsForItsChunksAndTheTimeBetween() {
        Duration data = Duration.ofMillis(700);
        try (ListenerUnderTest hasty =
                ListenerUnderTest.start(hasty(data, Duration.ofMinutes(1)))) {
            for (String begun : List.of("BDAT 4\r\nabcd", "BDAT 40\r\nabcd", "BDAT 4\r\nabcdBD")) {
                isLeft(hasty, MAIL + begun, begun.startsWith("BDAT 4\r"));
            }
        }
        try (ListenerUnderTest hasty =
                ListenerUnderTest.start(hasty(Duration.ofMinutes(1), data))) {
            isLeft(hasty, MAIL + "BDAT 4\r\nabcd", true);
        }
    }

    /** In a chunk that belongs to no mail, too, there is no dawdling. */
    @Test
    void patienceHoldsForChunksThatAreDropped() {
        try (ListenerUnderTest hasty =
                ListenerUnderTest.start(hasty(Duration.ofMillis(700), Duration.ofMinutes(1)))) {
            isLeft(hasty, "MAIL FROM:<a@b.c>\r\nNOOP\r\nBDAT 40\r\nabcd", false);
        }
    }

    @Test
    void aDribbleOfChunksIsTooSlow() {
        ListenerSettings.Limits usual = ListenerUnderTest.LIMITS;
        ListenerSettings.Limits fast =
                new ListenerSettings.Limits(
                        usual.messageSize(),
                        usual.drain(),
                        usual.recipients(),
                        usual.mails(),
                        usual.sessions(),
                        usual.sessionsPerAddress(),
                        usual.errors(),
                        usual.idleCommands(),
                        usual.handshakeTimeout(),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        1_000_000,
                        Duration.ofMillis(300));
        try (ListenerUnderTest hasty = ListenerUnderTest.start(fast)) {
            isLeft(hasty, MAIL + "BDAT 4\r\nabcd", true);
        }
    }

    private static ListenerSettings.Limits hasty(Duration data, Duration command) {
        ListenerSettings.Limits usual = ListenerUnderTest.LIMITS;
        return new ListenerSettings.Limits(
                usual.messageSize(),
                usual.drain(),
                usual.recipients(),
                usual.mails(),
                usual.sessions(),
                usual.sessionsPerAddress(),
                usual.errors(),
                usual.idleCommands(),
                usual.handshakeTimeout(),
                command,
                data,
                Duration.ofMinutes(1),
                0,
                Duration.ofMinutes(1));
    }

    private static void isLeft(ListenerUnderTest hasty, String octets, boolean chunkTaken) {
        try (SmtpDialogue other = SmtpDialogue.greet(hasty.port())) {
            other.sendBytes(octets.getBytes(ISO_8859_1));
            other.expect(250);
            other.expect(250);
            if (chunkTaken) {
                other.expect(250, "4 octets");
            }
            other.expect(421, "4.4.2");
            other.expectClosed();
            assertThat(hasty.accepted()).isEmpty();
        }
    }

    /** The chunk is read to its end all the same, and the session goes on. */
    @Test
    void whatThereIsNoMemoryForIsRefusedForNow() throws Exception {
        long others = ingest.budget.size() - 4096;
        ingest.budget.acquire(others, Duration.ZERO);
        begin();
        chunk(HEADER + "RSET\r\n".repeat(80_000), "");
        client.expect(452, "4.3.1");
        isInStep();
        assertThat(ingest.budget.used()).isEqualTo(others);
        ingest.budget.release(others);
        begin();
        chunk(HEADER, " LAST");
        client.expect(250, "queued as");
    }

    private void begin() {
        client.send("MAIL FROM:<a@b.c>").expect(250);
        client.send("RCPT TO:<x@y.z>").expect(250);
    }

    private void isInStep() {
        client.send("VRFY marker").expect(252);
    }

    private void chunk(String octets, String last) {
        send("BDAT " + octets.length() + last + "\r\n" + octets);
    }

    private void send(String octets) {
        client.sendBytes(octets.getBytes(ISO_8859_1));
    }
}
