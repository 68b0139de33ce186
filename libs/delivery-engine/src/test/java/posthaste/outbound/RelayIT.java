package posthaste.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.status.Reply;
import posthaste.outbound.tls.TlsPolicy;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.Transaction;

/** What arrives at a smart host, and what is reported of it. */
class RelayIT extends EngineFixture {

    @Test
    void aMailIsDeliveredAndTheReportSaysByWhomAndWhere() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onDot().reply("250 2.0.0 queued as 42");
        SmtpDeliveryEngine engine = relayingTo(peer);

        AttemptReport report = engine.attempt(job(MESSAGE, "a@x.org", "b@x.org"), BUDGET);

        assertThat(outcomes(report))
                .containsOnly(new Outcome.Delivered(new Reply(250, "2.0.0 queued as 42"), true))
                .hasSize(2);
        Transaction mail = peer.onlyTransaction();
        assertThat(mail.reversePath()).isEqualTo("sender@example.org");
        assertThat(mail.recipients()).containsExactly("a@x.org", "b@x.org");
        assertThat(mail.message()).isEqualTo(MESSAGE);
        assertThat(peer.ehloNames()).containsExactly("relay.test");
        assertThat(report.details().destination()).isEqualTo(peer.hostAndPort());
        assertThat(report.details().remoteHost()).isEqualTo("127.0.0.1");
        assertThat(report.details().remoteAddress()).isEqualTo(peer.hostAndPort());
        assertThat(report.details().sourceAddress()).isEqualTo("127.0.0.1");
        assertThat(report.details().tls()).isEmpty();
        assertThat(report.details().duration()).isPositive();
        assertThat(engine.statistics().delivered()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n",
                ".\r\n",
                ".\r\n.\r\n..\r\n...x\r\n",
                "no end of line",
                "a: b\r\n\r\n.no end of line",
                "a: b\r\n\r\n\u00fc\u20ac \u0000 \u0007\r\n",
                "\r\n\r\n.\r\n\r\n"
            })
    void theBytesArriveAsTheyWereStored(String text) throws Exception {
        ScriptedSmtpPeer peer = peer();
        byte[] message = text.getBytes(StandardCharsets.UTF_8);

        assertThat(only(relayingTo(peer).attempt(job(message, "a@x.org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);

        // SMTP cannot say that the last line has no end.
        byte[] expected =
                text.isEmpty() || text.endsWith("\r\n")
                        ? message
                        : (text + "\r\n").getBytes(StandardCharsets.UTF_8);
        assertThat(peer.onlyTransaction().message()).isEqualTo(expected);
    }

    @Test
    void allOctetsALongLineAndALargeMessageArriveUnchanged() throws Exception {
        ScriptedSmtpPeer peer = peer().keepingDigestsOnly();
        SmtpDeliveryEngine engine = relayingTo(peer);
        byte[] longLine = new byte[1_000_002];
        Arrays.fill(longLine, (byte) 'x');
        longLine[1_000_000] = '\r';
        longLine[1_000_001] = '\n';
        byte[] large = randomLines(20 * 1024 * 1024);

        for (byte[] message : List.of(longLine, large)) {
            assertThat(only(engine.attempt(job(message, "a@x.org"), BUDGET)))
                    .isInstanceOf(Outcome.Delivered.class);
            assertThat(peer.transactions().getLast().sha256())
                    .isEqualTo(Transaction.sha256(message));
        }
    }

    @Test
    void aLoneCarriageReturnOrLineFeedNeverLeaves() throws Exception {
        ScriptedSmtpPeer peer = peer();
        byte[] smuggler =
                "x\n.\nMAIL FROM:<s@b.c>\r.\rx\r\n.\nx\r.\r\n".getBytes(StandardCharsets.US_ASCII);

        relayingTo(peer).attempt(job(smuggler, "a@x.org"), BUDGET);

        assertThat(peer.transactions()).hasSize(1);
        assertThat(peer.onlyTransaction().messageText().replace("\r\n", ""))
                .doesNotContain("\r", "\n");
    }

    @Test
    void withPipeliningTheEnvelopeLeavesInOneGroup() throws Exception {
        ScriptedSmtpPeer peer = peer();

        relayingTo(peer).attempt(job(MESSAGE, "a@x.org", "b@x.org"), BUDGET);

        assertThat(peer.commands().stream().filter(c -> c.line().startsWith("MAIL")))
                .allMatch(ScriptedSmtpPeer.Command::pipelined);
        assertThat(peer.commands().stream().filter(c -> c.line().startsWith("RCPT")))
                .allMatch(ScriptedSmtpPeer.Command::pipelined);
    }

    @Test
    void withoutPipeliningEachCommandWaitsForItsReply() throws Exception {
        ScriptedSmtpPeer peer = peer().offering();

        AttemptReport report = relayingTo(peer).attempt(job(MESSAGE, "a@x.org", "b@x.org"), BUDGET);

        assertThat(outcomes(report)).allMatch(Outcome.Delivered.class::isInstance);
        assertThat(peer.commands()).noneMatch(ScriptedSmtpPeer.Command::pipelined);
        assertThat(peer.onlyTransaction().mail()).isEqualTo("<sender@example.org>");
    }

    @Test
    void aServerThatKnowsOnlyHeloIsSpokenToWithHelo() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onEhlo().reply("502 5.5.1 what");

        assertThat(only(relayingTo(peer).attempt(job(MESSAGE, "a@x.org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(peer.linesOf(1)).contains("HELO relay.test");
    }

    @Test
    void oneConnectionServesManyMailsUpToItsShare() throws Exception {
        ScriptedSmtpPeer peer = peer();
        SmtpDeliveryEngine engine = relayingTo(peer, outbound(limits(5, 20, 10)));

        for (int i = 0; i < 30; i++) {
            engine.attempt(job(MESSAGE, "a@x.org"), BUDGET);
        }

        assertThat(peer.accepted()).hasSize(30);
        assertThat(peer.connections()).isEqualTo(3);
        assertThat(engine.connectionsOpened()).isEqualTo(3);
        assertThat(engine.statistics().connectionsReused()).isEqualTo(27);
    }

    @Test
    void aConnectionThatTheServerClosedMeanwhileIsReplacedAtOnce() throws Exception {
        ScriptedSmtpPeer peer = peer();
        SmtpDeliveryEngine engine = relayingTo(peer);
        engine.attempt(job(MESSAGE, "a@x.org"), BUDGET);
        peer.dropConnections();

        assertThat(only(engine.attempt(job(MESSAGE, "b@x.org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(peer.connections()).isEqualTo(2);
    }

    @Test
    void ourAddressesTakeTurnsAndNoOtherIsUsed() throws Exception {
        ScriptedSmtpPeer peer = peer();
        SmtpDeliveryEngine engine =
                relayingTo(
                        peer,
                        new OutboundSettings(
                                "relay.test",
                                List.of(
                                        InetAddress.ofLiteral("127.0.0.5"),
                                        InetAddress.ofLiteral("127.0.0.6")),
                                TlsPolicy.OPPORTUNISTIC,
                                limits(5, 5, 1)));
        assertThat(engine.attempt(job(MESSAGE, "a@x.org"), BUDGET).details().sourceAddress())
                .isEqualTo("127.0.0.5");
        engine.attempt(job(MESSAGE, "a@x.org"), BUDGET);
        assertThat(peer.clientAddresses()).containsExactly("127.0.0.5", "127.0.0.6");

        SmtpDeliveryEngine onlyIpv6 =
                relayingTo(
                        peer,
                        new OutboundSettings(
                                "relay.test",
                                List.of(InetAddress.ofLiteral("::1")),
                                TlsPolicy.OPPORTUNISTIC,
                                limits(5, 5, 1)));
        assertThat(deferred(only(onlyIpv6.attempt(job(MESSAGE, "a@x.org"), BUDGET))).reason())
                .contains("no source address of its family");
        assertThat(peer.connections()).isEqualTo(2);
    }

    private static byte[] randomLines(int length) {
        Random random = new Random(42);
        ByteArrayOutputStream out = new ByteArrayOutputStream(length);
        byte[] line = new byte[76];
        while (out.size() < length) {
            random.nextBytes(line);
            for (int i = 0; i < line.length; i++) {
                if (line[i] == '\r' || line[i] == '\n') {
                    line[i] = '.';
                }
            }
            line[0] = '.';
            out.writeBytes(line);
            out.write('\r');
            out.write('\n');
        }
        return out.toByteArray();
    }
}
