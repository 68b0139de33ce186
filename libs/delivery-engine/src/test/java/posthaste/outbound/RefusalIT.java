package posthaste.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.Outcome.Kind;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.Step;

/** A server that says no, at each step. */
class RefusalIT extends EngineFixture {

    @Test
    void eachRecipientGetsItsOwnFate() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onRcpt("no@x.org").reply("550 5.1.1 no such user");
        peer.onRcpt("later@x.org").reply("450 4.2.1 mailbox busy");

        AttemptReport report =
                relayingTo(peer)
                        .attempt(job(MESSAGE, "no@x.org", "yes@x.org", "later@x.org"), BUDGET);

        assertThat(report.outcomes().stream().map(each -> each.recipient()))
                .containsExactly(0, 1, 2);
        List<Outcome> outcomes = outcomes(report);
        assertThat(failed(outcomes.get(0)).status()).hasToString("5.1.1");
        assertThat(failed(outcomes.get(0)).reply().orElseThrow())
                .hasToString("550 5.1.1 no such user");
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Delivered.class);
        assertThat(deferred(outcomes.get(2)).status()).hasToString("4.2.1");
        assertThat(peer.onlyTransaction().recipients()).containsExactly("yes@x.org");
    }

    @Test
    void onlyThePendingRecipientsAreTried() throws Exception {
        ScriptedSmtpPeer peer = peer();
        var job = job(MESSAGE, "a@x.org", "b@x.org", "c@x.org").deferred(List.of(1), 1, 1, false);

        AttemptReport report = relayingTo(peer).attempt(job, BUDGET);

        assertThat(report.outcomes().getFirst().recipient()).isEqualTo(1);
        assertThat(peer.onlyTransaction().recipients()).containsExactly("b@x.org");
    }

    @Test
    void greylistingIsADeferralAndTheNextAttemptDelivers() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onRcpt().once().reply("451 4.7.1 greylisted");
        SmtpDeliveryEngine engine = relayingTo(peer);
        var job = job(MESSAGE, "a@x.org");

        Outcome.Deferred first = deferred(only(engine.attempt(job, BUDGET)));
        assertThat(first.kind()).isEqualTo(Kind.ATTEMPTED);
        assertThat(first.status()).hasToString("4.7.1");
        assertThat(first.reply().orElseThrow()).hasToString("451 4.7.1 greylisted");
        assertThat(only(engine.attempt(job, BUDGET))).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void afterA421TheDecidedStayDecidedAndTheOthersAreDeferred() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onRcpt("no@x.org").reply("550 5.1.1 no such user");
        peer.onRcpt().whenNumber(3).replyThenClose("421 4.3.2 too much of you");

        List<Outcome> outcomes =
                outcomes(
                        relayingTo(peer)
                                .attempt(
                                        job(MESSAGE, "a@x.org", "no@x.org", "b@x.org", "c@x.org"),
                                        BUDGET));

        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failed.class);
        for (int i : new int[] {0, 2, 3}) {
            assertThat(deferred(outcomes.get(i)).kind()).isEqualTo(Kind.ATTEMPTED);
            assertThat(deferred(outcomes.get(i)).status()).hasToString("4.3.2");
        }
        assertThat(peer.transactions()).isEmpty();
    }

    @Test
    void aConnectionOutlivesMailsThatWereRefusedAtAnyStep() throws Exception {
        for (String[] capabilities : new String[][] {{"PIPELINING"}, {}}) {
            ScriptedSmtpPeer peer = peer().offering(capabilities);
            peer.on(Step.MAIL).whenNumber(1).reply("451 4.3.0 not this one");
            peer.onRcpt("no@x.org").reply("550 5.1.1 no such user");
            peer.onData().whenNumber(2).reply("451 4.3.0 not now");
            peer.onDot().whenNumber(1).reply("554 5.6.0 bad message");
            SmtpDeliveryEngine engine = relayingTo(peer);

            assertThat(deferred(only(engine.attempt(job(MESSAGE, "a@x.org"), BUDGET))).status())
                    .hasToString("4.3.0");
            assertThat(failed(only(engine.attempt(job(MESSAGE, "no@x.org"), BUDGET))).status())
                    .hasToString("5.1.1");
            for (int i = 0; i < 3; i++) {
                engine.attempt(job(MESSAGE, "a@x.org"), BUDGET);
            }
            assertThat(only(engine.attempt(job(MESSAGE, "a@x.org"), BUDGET)))
                    .isInstanceOf(Outcome.Delivered.class);
            assertThat(peer.connections()).isEqualTo(1);
            assertThat(peer.accepted()).isNotEmpty();
        }
    }

    @Test
    void aServerThatWantsAMessageForNobodyGetsAnEmptyOneAndIsNotWaitedForLong() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onRcpt().reply("550 5.1.1 no such user");
        peer.onData().reply("354 go on all the same");
        peer.onDot().once().reply("554 5.5.1 no valid recipients");
        peer.onDot().neverReply();
        SmtpDeliveryEngine engine = relayingTo(peer);

        for (int i = 0; i < 2; i++) {
            AttemptBudget budget =
                    new AttemptBudget(SHORT.beforeDot(), SHORT.step(), Duration.ofMinutes(10));
            assertThat(failed(only(engine.attempt(job(MESSAGE, "a@x.org"), budget))).status())
                    .hasToString("5.1.1");
        }
        assertThat(peer.connections()).isEqualTo(1);
        assertThat(peer.transactions()).allMatch(mail -> mail.length() == 0);
    }

    @Test
    void whatIsRefusedAtDataOrDotIsTheMessagesFault() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onData().once().reply("451 4.3.0 not now");
        peer.onDot().once().reply("554 5.7.1 spam");
        peer.onDot().once().reply("421 4.3.2 going down");
        SmtpDeliveryEngine engine = relayingTo(peer);

        Outcome.Deferred data = deferred(only(engine.attempt(job(MESSAGE, "a@x.org"), BUDGET)));
        assertThat(data.status()).hasToString("4.3.0");
        assertThat(failed(only(engine.attempt(job(MESSAGE, "a@x.org"), BUDGET))).status())
                .hasToString("5.7.1");
        Outcome.Deferred dot = deferred(only(engine.attempt(job(MESSAGE, "a@x.org"), BUDGET)));
        assertThat(dot.kind()).as("a refusal is an answer").isEqualTo(Kind.ATTEMPTED);
    }

    @Test
    void aGreetingWith5xxIsADeferralAnEhloWith5xxIsFinal() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onConnect().once().reply("554 5.7.1 go away");
        SmtpDeliveryEngine engine = relayingTo(peer);

        Outcome.Deferred greeting = deferred(only(engine.attempt(job(MESSAGE, "a@x.org"), BUDGET)));
        assertThat(greeting.status()).hasToString("4.7.1");
        assertThat(greeting.reply().orElseThrow().code()).isEqualTo(554);

        peer.onEhlo().reply("550 5.7.1 not you");
        peer.on(Step.HELO).reply("550 5.7.1 not you either");
        assertThat(failed(only(engine.attempt(job(MESSAGE, "a@x.org"), BUDGET))).status())
                .hasToString("5.7.1");
    }

    @Test
    void aMessageThatIsTooLargeForTheServerIsNotSent() throws Exception {
        ScriptedSmtpPeer peer = peer().offering("SIZE 1000", "PIPELINING");
        SmtpDeliveryEngine engine = relayingTo(peer);

        assertThat(failed(only(engine.attempt(job(new byte[1001], "a@x.org"), BUDGET))).status())
                .isEqualTo(new EnhancedStatusCode(5, 3, 4));
        assertThat(peer.linesOf(1)).noneMatch(line -> line.startsWith("MAIL"));
        engine.attempt(job(MESSAGE, "a@x.org"), BUDGET);
        assertThat(peer.onlyTransaction().mailParameters())
                .containsExactly("SIZE=" + MESSAGE.length);
        assertThat(peer.connections()).isEqualTo(1);
    }
}
