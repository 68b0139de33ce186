package posthaste.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Conversation;
import posthaste.mail.outcome.Conversation.Side;
import posthaste.mail.record.Job;
import posthaste.outbound.routing.NextHop;
import posthaste.outbound.routing.RoutingSettings;
import posthaste.testing.FreePort;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.Step;

/** What is kept of what was said, with a server that says no at each step. */
class ConversationIT extends EngineFixture {

    @Test
    void whoDeliversToAllKeepsNothing() throws Exception {
        ScriptedSmtpPeer peer = peer();
        assertThat(relayingTo(peer).attempt(mail(), BUDGET).details().conversation().isEmpty())
                .isTrue();
    }

    @Test
    void aRefusalIsToldWithAllThatLedToIt() throws Exception {
        ScriptedSmtpPeer peer = peer().offering("SIZE 1000000", "PIPELINING");
        peer.onRcpt("no@x.org").reply("550 5.1.1 no such user");

        List<String> said = said(peer, job(MESSAGE, "no@x.org", "yes@x.org"));

        assertThat(said.getFirst()).startsWith("*connects to ");
        assertThat(said.get(1)).startsWith("<220");
        assertThat(said.get(2)).isEqualTo(">EHLO relay.test");
        assertThat(said).contains("<250-SIZE 1000000");
        assertThat(said.subList(said.indexOf(">RCPT TO:<no@x.org>"), said.size()))
                .containsSubsequence(
                        ">RCPT TO:<no@x.org>",
                        ">RCPT TO:<yes@x.org>",
                        ">DATA",
                        "<550 5.1.1 no such user",
                        "*(the message)",
                        ">.");
        assertThat(said.getLast()).startsWith("<250");
        assertThat(said).noneMatch(line -> line.contains("hello"));
    }

    @Test
    void whereverAServerRefusesItsWordsAreTheLast() throws Exception {
        for (Step step : List.of(Step.EHLO, Step.MAIL, Step.RCPT, Step.DATA, Step.DOT)) {
            for (String[] capabilities : new String[][] {{"PIPELINING"}, {}}) {
                ScriptedSmtpPeer peer = peer().offering(capabilities);
                peer.on(step).reply("554 5.5.0 not at " + step);
                if (step == Step.EHLO) {
                    peer.on(Step.HELO).reply("554 5.5.0 nor at HELO");
                }
                assertThat(said(peer, mail()))
                        .as(step.name())
                        .contains("<554 5.5.0 not at " + step);
            }
        }
    }

    @Test
    void aConnectionThatBreaksIsToldAsSuch() throws Exception {
        for (Step step : List.of(Step.MAIL, Step.RCPT, Step.DATA, Step.DOT)) {
            ScriptedSmtpPeer peer = peer().offering();
            peer.on(step).close();
            assertThat(said(peer, mail()).getLast())
                    .as(step.name())
                    .startsWith("*the connection is lost");
        }
    }

    @Test
    void aHostThatIsNotThereIsToldAsSuch() throws Exception {
        SmtpDeliveryEngine engine =
                engine(
                        RoutingSettings.relayingTo(
                                NextHop.parse("127.0.0.1:" + FreePort.tcp(), 25)),
                        outbound());
        assertThat(said(engine.attempt(mail(), BUDGET)))
                .anyMatch(line -> line.startsWith("*the connection is lost"));
    }

    @Test
    void aRefusedStartTlsIsPartOfIt() throws Exception {
        ScriptedSmtpPeer peer = peer().offering("STARTTLS");
        peer.on(Step.STARTTLS).reply("454 4.7.0 not now");
        peer.on(Step.MAIL).reply("554 5.7.0 nor in clear");
        assertThat(said(peer, mail()))
                .containsSubsequence(">STARTTLS", "<454 4.7.0 not now", "<554 5.7.0 nor in clear");
    }

    @Test
    void ofAHundredRecipientsSomeSpeakForAll() throws Exception {
        ScriptedSmtpPeer peer = peer().offering("PIPELINING");
        peer.onDot().reply("451 4.3.0 not now");
        String[] many =
                IntStream.range(0, 100).mapToObj(i -> "r" + i + "@x.org").toArray(String[]::new);
        List<String> said = said(peer, job(MESSAGE, many));
        assertThat(said).hasSizeLessThan(30).contains(">RCPT TO:<r0@x.org>", ">DATA");
        assertThat(said).contains(">(97 more like these)");
        assertThat(said.getLast()).isEqualTo("<451 4.3.0 not now");
    }

    /** A peer may say anything, at any length. */
    @Test
    void whatAPeerSaysIsBoundedAndHarmless() throws Exception {
        for (String[] capabilities : new String[][] {{"PIPELINING"}, {}}) {
            ScriptedSmtpPeer peer = peer().offering(capabilities);
            peer.onRcpt().reply("550 5.1.1 \u001b[31m\u0000\u009b " + "x".repeat(5000));
            String[] many =
                    IntStream.range(0, 100)
                            .mapToObj(i -> "r" + i + "@x.org")
                            .toArray(String[]::new);
            AttemptReport report = relayingTo(peer).attempt(job(MESSAGE, many), BUDGET);
            Conversation kept = report.details().conversation();
            assertThat(kept.lines()).hasSizeBetween(5, Conversation.MOST_LINES);
            assertThat(kept.toString().getBytes(StandardCharsets.UTF_8))
                    .hasSizeLessThanOrEqualTo(Conversation.LIMIT);
            assertThat(kept.toString().replace("\n", "").chars())
                    .allMatch(c -> !Character.isISOControl(c));
            assertThat(Conversation.parse(kept.toString())).isEqualTo(kept);
        }
    }

    private Job mail() {
        return job(MESSAGE, "a@x.org");
    }

    private List<String> said(ScriptedSmtpPeer peer, Job job) throws Exception {
        return said(relayingTo(peer).attempt(job, BUDGET));
    }

    private static List<String> said(AttemptReport report) {
        Conversation conversation = report.details().conversation();
        assertThat(conversation.lines())
                .as(report.toString())
                .isNotEmpty()
                .extracting(Conversation.Line::millis)
                .isSorted()
                .allMatch(millis -> millis >= 0);
        assertThat(conversation.lines())
                .as(report.toString())
                .extracting(Conversation.Line::side)
                .containsAnyElementsOf(Arrays.asList(Side.values()));
        return conversation.toString().lines().map(line -> line.replaceFirst("^\\d+", "")).toList();
    }
}
