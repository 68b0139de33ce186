package posthaste.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Notify;
import posthaste.mail.envelope.Ret;
import posthaste.mail.record.Job;
import posthaste.mail.record.Split;
import posthaste.testing.SmtpDialogue;

/** Attacks 53 to 80 of the attack list, as far as the dialogues don't have them. */
class SyntaxAndLimitsIT {
    private static final String HEADER = "Subject: test\r\n\r\n";

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
    void theEnvelopeIsKeptWhole() {
        client.send("MAIL FROM:<A.b@C.example> RET=HDRS ENVID=QQ+2B1 BODY=8BITMIME SIZE=100")
                .expect(250);
        client.send("RCPT TO:<x@Y.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;o+2Bx@y.example")
                .expect(250);
        client.send("DATA").expect(354);
        String message = "Message-ID:\r\n <m1@c.example>\r\nSubject: hi\r\n\r\nbody\r\n";
        client.sendMessage(message.getBytes(ISO_8859_1)).expect(250);

        ListenerUnderTest.Accepted mail = ingest.accepted().getFirst();
        assertThat(mail.record())
                .isInstanceOfSatisfying(
                        Job.class,
                        job -> {
                            assertThat(job.derived()).isFalse();
                            assertThat(job.attempts()).isZero();
                            assertThat(job.id()).isEqualTo(job.mailId() + ".0");
                        });
        assertThat(mail.envelope().reversePath()).hasToString("A.b@C.example");
        assertThat(mail.envelope().ret()).isEqualTo(Ret.HDRS);
        assertThat(mail.envelope().envid()).contains("QQ+1");
        assertThat(mail.envelope().bodyType()).isEqualTo(BodyType.EIGHT_BIT_MIME);
        assertThat(mail.envelope().messageId()).contains("<m1@c.example>");
        assertThat(mail.envelope().client().address()).isEqualTo("127.0.0.1");
        assertThat(mail.envelope().client().helo()).isEqualTo("client.test");
        assertThat(mail.envelope().acceptedAt()).isEqualTo(ListenerUnderTest.NOW);
        assertThat(mail.envelope().recipients())
                .singleElement()
                .satisfies(recipient -> {
                    assertThat(recipient.address()).hasToString("x@Y.example");
                    assertThat(recipient.orcpt()).contains("rfc822;o+x@y.example");
                    assertThat(recipient.notification()).isEqualTo(Notify.parse("SUCCESS,DELAY"));
                });
        assertThat(mail.message()).isEqualTo(message);
        assertThat(mail.receivedField())
                .isEqualTo(
                        "Received: from client.test ([127.0.0.1])\r\n"
                                + "\tby mx.posthaste.test (Posthaste) with ESMTP id "
                                + mail.envelope().id()
                                + "\r\n\tfor <x@Y.example>;\r\n"
                                + "\tSun, 22 Nov 2026 08:30:00 +0000\r\n");
    }

    @Test
    void theReplyNamesTheMail() {
        String reply = mail(HEADER + "x").text();
        assertThat(reply)
                .isEqualTo("2.0.0 queued as " + ingest.accepted().getFirst().envelope().id());
    }

    @Test
    void severalDestinationsAreOneSplitThatNamesNobodyInTheHeader() {
        client.mail(
                "a@b.c",
                List.of("x@one.example", "y@two.example"),
                (HEADER + "x").getBytes(ISO_8859_1));
        ListenerUnderTest.Accepted mail = ingest.accepted().getFirst();
        assertThat(mail.record()).isInstanceOf(Split.class);
        assertThat(mail.receivedField()).doesNotContain("for <").doesNotContain(".example");
    }

    @Test
    void theSameRecipientIsKeptOnce() {
        client.send("MAIL FROM:<a@b.c>").expect(250);
        for (int i = 0; i < 100; i++) {
            client.send("RCPT TO:<x@" + (i % 2 == 0 ? "y.z" : "Y.Z") + ">").expect(250);
        }
        client.send("DATA").expect(354);
        client.sendMessage((HEADER + "x").getBytes(ISO_8859_1)).expect(250);
        assertThat(ingest.accepted().getFirst().recipients()).containsExactly("x@y.z");
    }

    @Test
    void recipientsBeyondTheLimitComeBackLater() {
        client.send("MAIL FROM:<a@b.c>").expect(250);
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < 1010; i++) {
            batch.append("RCPT TO:<user").append(i).append("@example.org>\r\n");
        }
        client.sendBytes(batch.toString().getBytes(ISO_8859_1));
        for (int i = 0; i < 1000; i++) {
            client.expect(250, "2.1.5");
        }
        for (int i = 1000; i < 1010; i++) {
            client.expect(452, "4.5.3");
        }
        client.send("RCPT TO:<user7@example.org>").expect(250);
        client.send("DATA").expect(354);
        client.sendMessage((HEADER + "x").getBytes(ISO_8859_1)).expect(250);
        assertThat(ingest.accepted().getFirst().recipients()).hasSize(1000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RCPT TO:<user@example.org>",
                "RCPT TO:<Postmaster>",
                "RCPT TO:<user%example.org@mx.posthaste.test>",
                "RCPT TO:<example.org!user@mx.posthaste.test>",
                "RCPT TO:<\"user@example.org\"@mx.posthaste.test>",
                "RCPT TO:<@mx.posthaste.test:user@example.org>",
                "RCPT TO:<user@[127.0.0.1]>",
                "RCPT TO:<user>",
                "RCPT TO:<user@example.org@mx.posthaste.test>",
            })
    void aStrangerMayNotRelay(String rcpt) {
        InetAddress stranger = InetAddress.ofLiteral("127.0.0.2");
        for (String sender : List.of("a@b.c", "", "someone@mx.posthaste.test")) {
            try (SmtpDialogue other =
                    SmtpDialogue.connect(
                            stranger, InetAddress.ofLiteral("127.0.0.1"), ingest.port())) {
                other.expect(220);
                other.send("EHLO other").expect(250);
                other.send("MAIL FROM:<" + sender + ">").expect(250);
                assertThat(other.send(rcpt).reply().code()).isIn(550, 501);
                other.send("DATA").expect(554, "5.5.1");
            }
        }
        assertThat(ingest.accepted()).isEmpty();
    }

    @Test
    void eightBitOctetsArriveAsTheyAre() {
        StringBuilder all = new StringBuilder(HEADER);
        for (int i = 1; i < 256; i++) {
            all.append(i == '\r' || i == '\n' ? ' ' : (char) i);
        }
        mail(all.toString());
        client.send("MAIL FROM:<a@b.c> BODY=8BITMIME").expect(250);
        client.send("RCPT TO:<x@y.z>").expect(250);
        client.send("DATA").expect(354);
        client.sendMessage(all.toString().getBytes(ISO_8859_1)).expect(250);
        assertThat(ingest.accepted())
                .hasSize(2)
                .allSatisfy(mail -> assertThat(mail.message()).isEqualTo(all + "\r\n"));
    }

    @ParameterizedTest
    @ValueSource(ints = {998, 1000, 10_000, 1_000_000})
    void longLinesArriveUnbroken(int octets) {
        String message = HEADER + "x".repeat(octets) + "\r\n." + "y".repeat(octets / 4) + "\r\n";
        mail(message);
        assertThat(ingest.accepted().getFirst().message()).isEqualTo(message);
    }

    @Test
    void aFirstLineThatIsNoHeaderFieldIsBody() {
        String message = "x".repeat(1_000_000) + "\r\n";
        mail(message);
        assertThat(ingest.accepted().getFirst().message()).isEqualTo(message);
    }

    @Test
    void aHeaderHasBounds() {
        assertThat(mail("Subject: " + "x".repeat(250_000) + "\r\n\r\nx").toString())
                .startsWith("552 5.3.4");
        assertThat(mail("X-Field: x\r\n".repeat(1001) + "\r\nx").toString())
                .startsWith("552 5.3.4");
        assertThat(mail("X-Field: x\r\n".repeat(1000) + "\r\nx").toString()).startsWith("250");
    }

    @Test
    void moreThanFiftyReceivedFieldsAreALoop() {
        String received = "Received: from a by b; Sun, 22 Nov 2026 08:30:00 +0000\r\n";
        assertThat(mail(received.repeat(50) + HEADER).toString()).startsWith("250");
        assertThat(mail(received.repeat(51) + HEADER).toString()).startsWith("554 5.4.6");
        assertThat(mail(HEADER + received.repeat(51)).toString()).startsWith("250");
    }

    @Test
    void aBareLineFeedBetweenCommandsRunsNothing() {
        client.sendBytes("MAIL FROM:<a@b.c>\nRCPT TO:<x@y.z>\r\n".getBytes(ISO_8859_1));
        client.expect(500, "5.5.2");
        client.expectClosed();
    }

    @Test
    void aBareCarriageReturnInACommandRunsNothing() {
        client.sendBytes("NOOP\rRSET\r\nNOOP\r\n".getBytes(ISO_8859_1));
        client.expect(500, "5.5.2");
        client.expectClosed();
    }

    @Test
    void aLongCommandIsRefusedAndTheSessionStaysInStep() {
        client.send("NOOP " + "x".repeat(1200)).expect(500, "5.5.2");
        client.send("NOOP " + "x".repeat(20_000)).expect(500, "5.5.2");
        client.send("NOOP " + "x".repeat(1000)).expect(250);
        client.send("NOOP").expect(250);
    }

    @Test
    void aLineWithoutEndIsNotAwaited() {
        client.sendBytes(new byte[100_000]);
        client.expect(500, "5.5.2");
        client.expectClosed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: x\r\nMAIL FROM:<a@b.c>\r\n",
                "POST / HTTP/1.1\r\n\r\nEHLO c\r\nMAIL FROM:<a@b.c>\r\n",
                "CONNECT mail:25 HTTP/1.1\r\n\r\n",
            })
    void aBrowserIsSentAway(String request) {
        client.sendBytes(request.getBytes(ISO_8859_1));
        client.expect(500, "5.5.1");
        client.expectClosed();
    }

    @Test
    void aTlsHandshakeIsSentAway() {
        client.sendBytes(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, '\n', '\r'});
        client.expectClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FOO", "NOOP", "RSET", "VRFY x", "EHLO again", "HELP"})
    void whoMakesNoMailIsSentAway(String command) {
        int replies = 0;
        int code;
        do {
            code = client.send(command).reply().code();
            replies++;
        } while (code != 421);
        assertThat(replies).isBetween(15, 40);
        client.expectClosed();
    }

    @Test
    void anAcceptedMailPaysForItsCommands() {
        for (int mail = 0; mail < 30; mail++) {
            client.send("RSET").expect(250);
            client.send("NOOP").expect(250);
            client.send("FOO").expect(500);
            assertThat(mail(HEADER + "x").code()).isEqualTo(250);
        }
    }

    @Test
    void aNameOfTheClientCannotDoHarm() {
        client.send("EHLO <script>x</script>\t\"é\u0001").expect(250);
        mail(HEADER + "x");
        assertThat(ingest.accepted().getFirst().receivedField())
                .startsWith("Received: from ?script?x??script????? ([127.0.0.1])\r\n");
        assertThat(ingest.accepted().getFirst().envelope().client().helo())
                .isEqualTo("?script?x??script?????");
    }

    @Test
    void lineEndsHiddenInUnicodeStayCharacters() {
        client.send("MAIL FROM:<a@b.c> SMTPUTF8").expect(250);
        client.sendBytes("RCPT TO:<x\u560a\u560dDATA@y.z>\r\n".getBytes(UTF_8));
        client.expect(250);
        client.send("DATA").expect(354);
        client.sendMessage((HEADER + "x").getBytes(ISO_8859_1)).expect(250);
        ListenerUnderTest.Accepted mail = ingest.accepted().getFirst();
        assertThat(mail.recipients()).containsExactly("x\u560a\u560dDATA@y.z");
        assertThat(mail.receivedField().split("\r\n")).hasSize(4);
        assertThat(mail.receivedField()).contains("with UTF8SMTP");
    }

    @Test
    void aSourceRouteIsLeftOut() {
        client.mail(
                "a@b.c",
                List.of("@one.example,@two.example:x@y.z"),
                (HEADER + "x").getBytes(ISO_8859_1));
        assertThat(ingest.accepted().getFirst().recipients()).containsExactly("x@y.z");
    }

    @Test
    void thePostmasterIsThatOfThisHost() {
        client.mail("a@b.c", List.of("postmaster"), (HEADER + "x").getBytes(ISO_8859_1));
        assertThat(ingest.accepted().getFirst().recipients())
                .containsExactly("postmaster@mx.posthaste.test");
    }

    private SmtpDialogue.Reply mail(String message) {
        return client.mail("a@b.c", List.of("x@y.z"), message.getBytes(ISO_8859_1));
    }
}
