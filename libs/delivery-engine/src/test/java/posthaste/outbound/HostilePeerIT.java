package posthaste.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.Outcome.Kind;
import posthaste.outbound.routing.NextHop;
import posthaste.outbound.routing.RoutingSettings;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.Step;

/** Servers that stall, lie and babble: cases 88 and 90 of the attack list. */
class HostilePeerIT extends EngineFixture {
    private static final Duration PROMPTLY = SHORT.beforeDot().plus(Duration.ofSeconds(3));

    @Test
    void aGreetingOfAMegabyteIsNotReadToItsEnd() throws Exception {
        ScriptedSmtpPeer peer = peer();
        byte[] greeting = new byte[1_000_000];
        Arrays.fill(greeting, (byte) 'x');
        System.arraycopy("220 ".getBytes(StandardCharsets.US_ASCII), 0, greeting, 0, 4);
        peer.onConnect().replyBytes(greeting);

        Outcome.Deferred outcome = attempt(peer);
        assertThat(outcome.status()).hasToString("4.5.0");
        assertThat(outcome.reason()).contains("too long").contains("greeting");
    }

    @Test
    void aReplyOfTenThousandLinesIsNotReadToItsEnd() throws Exception {
        ScriptedSmtpPeer peer = peer();
        String[] lines = new String[10_000];
        Arrays.fill(lines, "250-more");
        lines[lines.length - 1] = "250 end";
        peer.onEhlo().reply(lines);

        assertThat(attempt(peer).status()).hasToString("4.5.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "99 hi",
                "hello",
                "",
                "2500 x",
                "600 x",
                "250-a\r\n550 b",
                "250x",
                "150 wait"
            })
    void whatIsNoReplyIsATemporaryFailure(String nonsense) throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onMail().reply(nonsense);

        Outcome.Deferred outcome = attempt(peer);
        assertThat(outcome.kind()).isEqualTo(Kind.ATTEMPTED);
        assertThat(outcome.status()).hasToString("4.5.0");
        assertThat(peer.transactions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SSH-2.0-OpenSSH_9.2", "GET-x", "\u0016\u0003\u0001", "HTTP/1.1 200 OK"})
    void aServerOfAnotherProtocolIsNotWaitedFor(String greeting) throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onConnect().reply(greeting);
        AttemptBudget patient =
                new AttemptBudget(Duration.ofMinutes(5), Duration.ofMinutes(5), BUDGET.step());

        AttemptReport report = relayingTo(peer).attempt(job(MESSAGE, "a@x.org"), patient);
        assertThat(deferred(only(report)).status()).hasToString("4.5.0");
        assertThat(report.details().duration()).isLessThan(PROMPTLY);
    }

    @Test
    void whatWasSaidBeforeTheNonsenseCounts() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onRcpt("no@x.org").reply("550 5.1.1 no such user\r\nwhatever");

        List<Outcome> outcomes =
                outcomes(relayingTo(peer).attempt(job(MESSAGE, "no@x.org", "a@x.org"), BUDGET));
        assertThat(failed(outcomes.get(0)).status()).hasToString("5.1.1");
        assertThat(deferred(outcomes.get(1)).status()).hasToString("4.5.0");
    }

    @Test
    void aReplyNeedsNoTextAndMayHaveAnyOctets() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onMail().reply("250");
        peer.onRcpt("a@x.org").reply("250 ");
        peer.onRcpt("b@x.org")
                .replyBytes(
                        "550 5.1.1 \u001b[31mn\u00fcr \u0007\r\n".getBytes(StandardCharsets.UTF_8));
        peer.onRcpt("c@x.org").replyBytes(new byte[] {'5', '5', '0', ' ', (byte) 0xe9, '\r', '\n'});
        peer.onDot().reply("250 " + "y".repeat(10_000));

        var outcomes =
                outcomes(
                        relayingTo(peer)
                                .attempt(job(MESSAGE, "a@x.org", "b@x.org", "c@x.org"), BUDGET));
        assertThat(((Outcome.Delivered) outcomes.get(0)).reply().text())
                .startsWith("yyy")
                .hasSizeLessThan(1001);
        assertThat(failed(outcomes.get(1)).reply().orElseThrow())
                .hasToString("550 5.1.1  [31mn\u00fcr");
        assertThat(failed(outcomes.get(2)).reply().orElseThrow()).hasToString("550 \u00e9");
    }

    @Test
    void repliesOfSeveralLinesAreJoinedWithTheirStatusCodeOnce() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onRcpt().reply("550-5.7.1 first", "550-5.7.1 second", "550 5.7.1 third");

        assertThat(
                        failed(only(relayingTo(peer).attempt(job(MESSAGE, "a@x.org"), BUDGET)))
                                .reply()
                                .orElseThrow())
                .hasToString("550 5.7.1 first second third");
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"CONNECT", "EHLO", "MAIL", "RCPT", "DATA"})
    void silenceBeforeTheDotIsBoundedByTheBudget(Step step) throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.on(step).neverReply();

        Outcome.Deferred outcome = attemptShort(peer);
        assertThat(outcome.kind()).isEqualTo(Kind.ATTEMPTED);
        assertThat(outcome.status()).hasToString("4.4.2");
        assertThat(outcome.reason()).contains("did not answer within");
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"CONNECT", "EHLO", "MAIL", "RCPT", "DATA"})
    void aServerThatDribblesIsBoundedLikewise(Step step) throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.on(step).dribbling(Duration.ofMillis(150)).reply("250-aaaaaaaaaaaaaaaaaaaaaaaaa");

        assertThat(attemptShort(peer).kind()).isEqualTo(Kind.ATTEMPTED);
    }

    @Test
    void aServerThatReadsNoMessageIsBoundedLikewise() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onData().replyThenStopReading("354 go on");
        SmtpDeliveryEngine engine = relayingTo(peer);

        long began = System.nanoTime();
        Outcome.Deferred outcome =
                deferred(only(engine.attempt(job(new byte[30_000_000], "a@x.org"), SHORT)));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PROMPTLY);
        assertThat(outcome.kind()).isEqualTo(Kind.ATTEMPTED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"CONNECT", "EHLO", "MAIL", "RCPT", "DATA"})
    void aConnectionClosedBeforeTheDotIsAnAttempt(Step step) throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.on(step).close();

        Outcome.Deferred outcome = attempt(peer);
        assertThat(outcome.kind()).isEqualTo(Kind.ATTEMPTED);
        assertThat(outcome.status()).hasToString("4.4.2");
        assertThat(outcome.reason()).contains("lost the connection");
    }

    @Test
    void aConnectionClosedInTheMiddleOfTheMessageIsAnAttempt() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onData().replyThenClose("354 go on");

        Outcome.Deferred outcome =
                deferred(
                        only(
                                relayingTo(peer)
                                        .attempt(job(new byte[5_000_000], "a@x.org"), BUDGET)));
        assertThat(outcome.kind()).isEqualTo(Kind.ATTEMPTED);
        assertThat(outcome.status()).hasToString("4.4.2");
        assertThat(peer.transactions()).isEmpty();
    }

    @Test
    void aServerThatReadsNoCommandsIsBoundedLikewise() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onEhlo().replyThenStopReading("250-peer.test\r\n250 PIPELINING");
        String[] recipients = new String[50_000];
        for (int i = 0; i < recipients.length; i++) {
            recipients[i] = "u" + i + "@" + "x".repeat(60) + "." + "y".repeat(60) + ".org";
        }
        SmtpDeliveryEngine engine = relayingTo(peer);
        var job = job(MESSAGE, recipients);

        long began = System.nanoTime();
        var outcomes = outcomes(engine.attempt(job, SHORT));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PROMPTLY);
        assertThat(outcomes)
                .hasSize(recipients.length)
                .allMatch(Outcome.Deferred.class::isInstance);
    }

    @Test
    void aHostThatDoesNotEvenAnswerTheConnectionIsBoundedLikewise() throws Exception {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        // Nobody accepts: once the backlog is full, the kernel leaves connections unanswered.
        ServerSocket deaf = opened(new ServerSocket(0, 1, loopback));
        for (int i = 0; i < 3; i++) {
            SocketChannel filler = opened(SocketChannel.open());
            filler.configureBlocking(false);
            filler.connect(deaf.getLocalSocketAddress());
        }
        SmtpDeliveryEngine engine =
                engine(
                        RoutingSettings.relayingTo(new NextHop("127.0.0.1", deaf.getLocalPort())),
                        outbound());

        long began = System.nanoTime();
        Outcome.Deferred outcome = deferred(only(engine.attempt(job(MESSAGE, "a@x.org"), SHORT)));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PROMPTLY);
        assertThat(outcome.reason()).contains("did not answer within");
    }

    @Test
    void withoutAReplyToTheDotTheMailIsAmbiguousAndNotSentAgain() throws Exception {
        for (String how : new String[] {"silence", "close", "half a reply", "nonsense"}) {
            ScriptedSmtpPeer peer = peer();
            switch (how) {
                case "silence" -> peer.onDot().neverReply();
                case "close" -> peer.onDot().close();
                case "half a reply" -> peer.onDot().replyThenClose("250-2.0.0 taken, and");
                default -> peer.onDot().reply("99 hi");
            }
            SmtpDeliveryEngine engine = relayingTo(peer);

            Outcome.Deferred outcome =
                    deferred(only(engine.attempt(job(MESSAGE, "a@x.org"), SHORT)));

            assertThat(outcome.kind()).as(how).isEqualTo(Kind.AMBIGUOUS);
            assertThat(peer.transactions()).as(how).hasSize(1);
            assertThat(engine.statistics().ambiguous()).isEqualTo(1);
        }
    }

    @Test
    void theReplyToTheDotMayTakeLongerThanTheStepsBefore() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onDot().after(Duration.ofMillis(1500)).replyAsUsual();
        AttemptBudget budget =
                new AttemptBudget(
                        Duration.ofSeconds(1), Duration.ofMillis(900), Duration.ofSeconds(10));

        assertThat(only(relayingTo(peer).attempt(job(MESSAGE, "a@x.org"), budget)))
                .isInstanceOf(Outcome.Delivered.class);
    }

    private Outcome.Deferred attempt(ScriptedSmtpPeer peer) throws Exception {
        return deferred(only(relayingTo(peer).attempt(job(MESSAGE, "a@x.org"), BUDGET)));
    }

    private Outcome.Deferred attemptShort(ScriptedSmtpPeer peer) throws Exception {
        SmtpDeliveryEngine engine = relayingTo(peer);
        long began = System.nanoTime();
        Outcome.Deferred outcome = deferred(only(engine.attempt(job(MESSAGE, "a@x.org"), SHORT)));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PROMPTLY);
        return outcome;
    }
}
