package posthaste.acceptance.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.testing.SmtpDialogue;

/** Attacks 53 to 57: who may have mail relayed, and whereto. */
class RelayAttacksIT extends AttackSuite {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress STRANGER = InetAddress.ofLiteral("127.0.0.2");
    private static final String LOCAL = "mx.attacked.example";

    RelayAttacksIT(AttackedRelay relay) {
        super(relay);
    }

    /** {@code DOMAIN} stands for the domain of another, {@code LOCAL} for our own name. */
    @Attack({53, 54, 55})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<rcpt@DOMAIN>",
                "<rcpt@DOMAIN> NOTIFY=NEVER",
                "<Postmaster>",
                "<postmaster@LOCAL>",
                "<postmaster@DOMAIN>",
                "<abuse@LOCAL>",
                "<user%DOMAIN@LOCAL>",
                "<DOMAIN!user@LOCAL>",
                "<\"user@DOMAIN\"@LOCAL>",
                "<\"user%DOMAIN\"@LOCAL>",
                "<@LOCAL:rcpt@DOMAIN>",
                "<@LOCAL,@DOMAIN:rcpt@DOMAIN>",
                "<@DOMAIN:rcpt@LOCAL>",
                "<user%DOMAIN@[127.0.0.1]>",
                "<user@[127.0.0.1]>",
                "<user@[IPv6:::1]>",
                "<user@[IPv6:::ffff:127.0.0.1]>",
                "<user@127.0.0.1>",
                "<user@localhost>",
                "<user>",
                "<user@DOMAIN@LOCAL>",
                "<user@LOCAL@DOMAIN>",
                "<\"user@DOMAIN\">",
                "<LOCAL:rcpt@DOMAIN>",
                "rcpt@DOMAIN",
                "<rcpt@DOMAIN.>",
                "< rcpt@DOMAIN>",
                "<rcpt@DOMAIN\t>",
                "<>"
            })
    void aStrangerMayNotRelay(String path) {
        String rcpt = "RCPT TO:" + path.replace("DOMAIN", mark.domain()).replace("LOCAL", LOCAL);
        for (String sender : List.of("sender@" + mark.domain(), "", "root@" + LOCAL)) {
            try (SmtpDialogue stranger = stranger()) {
                stranger.send("MAIL FROM:<" + sender + ">").expect(250);
                stranger.send(rcpt);
                assertThat(stranger.reply().code()).isIn(501, 530, 550, 554);
                assertThat(stranger.send("DATA").reply().code()).isIn(503, 554);
            }
        }
        mark.nothingArrives();
    }

    @Attack(53)
    @Test
    void aStrangerGetsNothingThroughByTryingOn() {
        try (SmtpDialogue stranger = stranger()) {
            stranger.send("MAIL FROM:<>").expect(250);
            stranger.sendBytes(
                    AttackedRelay.octets(
                            (mark.rcpt() + "\r\n").repeat(3)
                                    + "DATA\r\nSubject: x\r\n\r\nx\r\n.\r\n"));
            for (int i = 0; i < 3; i++) {
                assertThat(stranger.reply().code()).isIn(530, 550, 554);
            }
            assertThat(stranger.reply().code()).isIn(503, 554);
            // The message that was sent along is not a row of commands.
            stranger.expectClosed();
        }
        mark.nothingArrives();
    }

    @Attack(55)
    @Test
    void whoClaimsToBeAnotherStaysWhoHeIs() {
        try (SmtpDialogue stranger =
                SmtpDialogue.connect(STRANGER, HERE, relay.posthaste().smtpPort())) {
            stranger.sendBytes(
                    AttackedRelay.octets("PROXY TCP4 127.0.0.1 127.0.0.1 1025 25\r\nEHLO c\r\n"));
            stranger.expect(220);
            assertThat(stranger.reply().code()).isGreaterThanOrEqualTo(500);
        }
        try (SmtpDialogue stranger = stranger()) {
            assertThat(stranger.send("XCLIENT ADDR=127.0.0.1 LOGIN=admin").reply().code())
                    .isGreaterThanOrEqualTo(500);
            stranger.send("EHLO [127.0.0.1]").expect(250);
            stranger.send(mark.mail()).expect(250);
            assertThat(stranger.send(mark.rcpt()).reply().code()).isIn(530, 550, 554);
        }
        mark.nothingArrives();
    }

    /** Who may announce others lends them none of his rights, nor has he any himself. */
    @Attack(55)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 192.0.2.9 127.0.0.1 1025 25",
                "PROXY TCP6 2001:db8::9 ::1 1025 25",
                "PROXY TCP6 ::1 ::1 1025 25",
                "PROXY UNKNOWN"
            })
    void aTrustedProxyAnnouncesAStranger(String header) {
        try (SmtpDialogue stranger =
                SmtpDialogue.connect(
                        InetAddress.ofLiteral(AttackedRelay.PROXY), HERE, relay.proxiedPort())) {
            stranger.send(header).expect(220);
            stranger.send("EHLO " + LOCAL).expect(250);
            stranger.send(mark.mail()).expect(250);
            assertThat(stranger.send(mark.rcpt()).reply().code()).isIn(530, 550, 554);
            stranger.send("PROXY TCP4 127.0.0.1 127.0.0.1 1025 25");
            assertThat(stranger.reply().code()).isGreaterThanOrEqualTo(500);
            assertThat(stranger.send(mark.rcpt()).reply().code()).isIn(530, 550, 554);
        }
        mark.nothingArrives();
    }

    private SmtpDialogue stranger() {
        SmtpDialogue stranger = SmtpDialogue.connect(STRANGER, HERE, relay.posthaste().smtpPort());
        stranger.expect(220);
        stranger.send("EHLO " + LOCAL).expect(250);
        return stranger;
    }
}
