package posthaste.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScriptedSmtpPeerTest {

    @Test
    void itRecordsTheEnvelopeAsSentAndTheMessageExactly() {
        byte[] message =
                "Subject: x\r\n\r\n.dot\r\n..\r\n\u00e9\r\n".getBytes(StandardCharsets.UTF_8);
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
                SmtpDialogue client = SmtpDialogue.greet(peer.port())) {
            client.send(
                    "MAIL FROM:<a@b.c> SIZE=10 BODY=8BITMIME",
                    "RCPT TO:<x@y.z> NOTIFY=NEVER",
                    "DATA");
            client.expect(250);
            client.expect(250);
            client.expect(354);
            assertThat(client.sendMessage(message).reply().code()).isEqualTo(250);

            Transaction mail = peer.onlyTransaction();
            assertThat(mail.reversePath()).isEqualTo("a@b.c");
            assertThat(mail.mailParameters()).containsExactly("SIZE=10", "BODY=8BITMIME");
            assertThat(mail.recipients()).containsExactly("x@y.z");
            assertThat(mail.parametersOf("x@y.z")).containsExactly("NOTIFY=NEVER");
            assertThat(mail.message()).isEqualTo(message);
            assertThat(mail.sha256()).isEqualTo(Transaction.sha256(message));
            assertThat(mail.headerSection()).isEqualTo("Subject: x\r\n\r\n");
            assertThat(mail.bodySha256())
                    .isEqualTo(Transaction.sha256(Arrays.copyOfRange(message, 14, message.length)));
            assertThat(mail.accepted()).isTrue();
            assertThat(peer.ehloNames()).containsExactly("client.test");
            assertThat(peer.commands().get(1).pipelined()).isTrue();
        }
    }

    @Test
    void theFirstRuleThatFitsDecidesUntilItIsUsedUp() {
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
                SmtpDialogue client = SmtpDialogue.greet(peer.port())) {
            peer.onRcpt("grey@x.org").once().reply("451 4.7.1 later");
            peer.onRcpt("bad@x.org").reply("550-5.1.1 no", "550 5.1.1 such user");

            client.send("MAIL FROM:<>").expect(250);
            client.send("RCPT TO:<grey@x.org>").expect(451);
            client.send("RCPT TO:<grey@x.org>").expect(250);
            client.send("RCPT TO:<bad@x.org>").expect(550, "such user");
            client.send("RCPT TO:<bad@x.org>").expect(550);
            client.send("DATA").expect(354);
            client.sendBytes(".\r\n".getBytes(StandardCharsets.US_ASCII)).expect(250);

            assertThat(peer.onlyTransaction().recipients()).containsExactly("grey@x.org");
            assertThat(peer.onlyTransaction().message()).isEmpty();
        }
    }

    @Test
    void itClosesFallsSilentAndCountsConnections() {
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start()) {
            peer.onConnect().inConnection(1).replyThenClose("421 4.3.2 busy");
            peer.onRcpt().whenNumber(2).neverReply();
            try (SmtpDialogue first = SmtpDialogue.connect(peer.port())) {
                first.expect(421);
                first.expectClosed();
            }
            try (SmtpDialogue second = SmtpDialogue.greet(peer.port())) {
                second.send("MAIL FROM:<a@b.c>").expect(250);
                second.send("RCPT TO:<a@b.c>").expect(250);
                second.send("RCPT TO:<b@b.c>").patience(Duration.ofMillis(50));
                org.assertj.core.api.Assertions.assertThatThrownBy(second::reply)
                        .hasRootCauseInstanceOf(java.net.SocketTimeoutException.class);
            }
            assertThat(peer.connections()).isEqualTo(2);
        }
    }

    @Test
    void startTlsWorksWithASelfSignedCertificate() {
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start().offeringStartTls();
                SmtpDialogue client = SmtpDialogue.greet(peer.port())) {
            client.send("STARTTLS").expect(220);
            client.handshake();
            assertThat(client.send("EHLO again.test").expect(250).text())
                    .doesNotContain("STARTTLS");
            client.mail("a@b.c", List.of("x@y.z"), "x\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(peer.onlyTransaction().tls()).isTrue();
        }
    }

    @Test
    void aDialogueIsRunFromText() {
        List<String> dialogue =
                """
                # a whole mail
                S: 220
                C: EHLO client.test
                S: 250 PIPELINING
                C: MAIL FROM:<${from}>
                S: 2xx
                C: RCPT TO:<x@y.z>
                S: 250 2.1.5
                C: DATA
                S: 354
                C> a\\x41\\r\\n
                C: .
                S: 250 taken
                C: QUIT
                S: 221
                S: closed
                """
                        .lines()
                        .toList();
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start()) {
            SmtpDialogue.run("dialogue", dialogue, peer.port(), Map.of("from", "a@b.c"));
            assertThat(peer.onlyTransaction().reversePath()).isEqualTo("a@b.c");
            assertThat(peer.onlyTransaction().messageText()).isEqualTo("aA\r\n");
        }
    }
}
