package posthaste.acceptance.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static posthaste.acceptance.attacks.AttackedRelay.octets;

import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.testing.SmtpDialogue;

/** Attacks 33 to 41: what is said before TLS is nothing after it, and weak TLS is none. */
class StartTlsAttacksIT extends AttackSuite {
    private static final String HEADER = "Subject: attack\r\n\r\n";

    /** A handshake that does not come on is given up after ten seconds here. */
    private static final Duration LONG_AFTER_THE_HANDSHAKE_LIMIT = Duration.ofSeconds(40);

    StartTlsAttacksIT(AttackedRelay relay) {
        super(relay);
    }

    @BeforeEach
    void connectWhereTlsIsOffered() {
        client.close();
        client = SmtpDialogue.greet(relay.tlsPort());
    }

    @Attack(33)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "STARTTLS\r\nMAIL FROM:<inj@b.example>\r\n",
                "STARTTLS\r\nEHLO injected\r\nMAIL FROM:<inj@b.example>\r\n",
                "STARTTLS\r\nNOOP\r\n",
                "STARTTLS\r\nN",
                "starttls\r\nRSET\r\n"
            })
    void whatFollowsStarttlsInTheClearIsNeverRun(String octets) {
        send(octets);
        SmtpDialogue.Reply reply = client.reply();
        if (reply.code() == 220) {
            client.handshake();
            client.send("EHLO client.test").expect(250);
            client.send(mark.rcpt()).expect(503);
        } else {
            assertThat(reply.code()).isBetween(500, 559);
            client.expectClosed();
        }
        mark.nothingArrives();
    }

    @Attack(35)
    @Test
    void aMailBegunInTheClearIsForgotten() {
        beginMail();
        client.send("STARTTLS").expect(220);
        client.handshake();
        client.send("DATA").expect(503);
        client.send(mark.rcpt()).expect(503);
        client.send(mark.mail()).expect(503);
        client.send("EHLO client.test").expect(250);
        client.send("DATA").expect(503);
        mark.nothingArrives();
    }

    @Attack(36)
    @ParameterizedTest
    @ValueSource(strings = {"STARTTLS x", "STARTTLS  now", "STARTTLS STARTTLS"})
    void starttlsTakesNoArgument(String command) {
        client.send(command).expect(501);
        isInStep();
    }

    @Attack(37)
    @Test
    void insideTlsItIsOfferedNoMore() {
        client.send("STARTTLS").expect(220);
        client.handshake();
        assertThat(client.send("EHLO client.test").expect(250).text()).doesNotContain("STARTTLS");
        assertThat(client.send("STARTTLS").reply().code()).isIn(502, 503, 554);
        beginMessage();
        client.sendMessage(octets(HEADER)).expect(250);
        mark.arrives(HEADER);
    }

    @Attack(38)
    @Test
    void aMailThatIsSentAlongIsNotTakenWhenTheHandshakeFails() {
        send("STARTTLS\r\nEHLO c\r\n" + mark.smuggled());
        if (client.reply().code() == 220) {
            send("GARBAGE\r\nNOOP\r\n");
        }
        assertThat(client.restUntilClosed()).doesNotContain("250");
        mark.nothingArrives();
    }

    @Attack(38)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\nNOOP\r\n",
                "EHLO c\r\nMAIL FROM:<evil@b.example>\r\n",
                "\u0016\u0003\u0001\0\u0005hello",
                "\u0015\u0003\u0003\0\u0002\u0001\0",
                "\u0017\u0003\u0003\0\u0003abc",
                "\u0016\u0003\u0001\u00ff\u00ff"
            })
    void whatIsNoHandshakeEndsTheConnection(String octets) {
        client.send("STARTTLS").expect(220);
        send(octets);
        send("\r\n" + mark.smuggled());
        client.patience(LONG_AFTER_THE_HANDSHAKE_LIMIT);
        assertThat(client.restUntilClosed()).doesNotContain("250");
        mark.nothingArrives();
    }

    @Attack(39)
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHandshakeThatDoesNotComeIsNotAwaited(boolean startTls) {
        try (SmtpDialogue silent =
                startTls
                        ? SmtpDialogue.greet(relay.tlsPort())
                        : SmtpDialogue.connect(relay.implicitTlsPort())) {
            if (startTls) {
                silent.send("STARTTLS").expect(220);
            }
            silent.sendBytes(new byte[] {0x16, 3});
            silent.patience(LONG_AFTER_THE_HANDSHAKE_LIMIT);
            assertThat(silent.restUntilClosed()).doesNotContain("250");
        }
        // Our own session has waited as long, and was sent away as well.
        try (SmtpDialogue next = SmtpDialogue.greet(relay.tlsPort())) {
            next.send("NOOP").expect(250, "2.0.0");
        }
    }

    /** The protocol's number, and suites by theirs: RSA, NULL, EXPORT, RC4, DES, anonymous. */
    @Attack(40)
    @ParameterizedTest
    @CsvSource({
        "0300, c02fc030009c009d002f0035",
        "0301, c013c014c009c00a002f0035",
        "0302, c013c014c009c00a002f0035",
        "0303, 00010002003b",
        "0303, 00030006000800640062",
        "0303, 00040005c007c011",
        "0303, 0009000ac008c012",
        "0303, 001800340046006c00a6c018c019",
        "0303, 002f0035003c003d009c009d"
    })
    void weakTlsIsNone(String version, String suites) {
        client.send("STARTTLS").expect(220);
        client.sendBytes(clientHello(version, suites));
        // Nothing, or an alert.
        assertThat(client.restUntilClosed()).matches("(?s)|\\x15.*");
        mark.nothingArrives();
    }

    @Attack(41)
    @Test
    void secretsAreNotAskedForInTheClear() {
        try (SmtpDialogue submission = SmtpDialogue.connect(relay.submissionPort())) {
            submission.expect(220);
            assertThat(submission.send("EHLO client.test").expect(250).text())
                    .doesNotContain("AUTH")
                    .contains("STARTTLS");
            assertThat(submission.send("AUTH PLAIN AHVzZXIAc2VjcmV0LW9mLTQx").reply().code())
                    .isIn(530, 538);
            assertThat(submission.send("AUTH LOGIN").reply().code()).isIn(530, 538);
            submission.send(mark.mail()).expect(530);
            submission.send("DATA").expect(530);
        }
        assertThat(relay.posthaste().said())
                .doesNotContain("secret-of-41")
                .doesNotContain("AHVzZXIAc2VjcmV0LW9mLTQx");
        mark.nothingArrives();
    }

    /** A ClientHello of that version, or with it as the highest one. */
    private static byte[] clientHello(String version, String suites) {
        String body =
                version
                        + "11".repeat(32)
                        + "00"
                        + "%04x".formatted(suites.length() / 2)
                        + suites
                        + "0100";
        String handshake = "01" + "%06x".formatted(body.length() / 2) + body;
        return HexFormat.of()
                .parseHex("160301" + "%04x".formatted(handshake.length() / 2) + handshake);
    }
}
