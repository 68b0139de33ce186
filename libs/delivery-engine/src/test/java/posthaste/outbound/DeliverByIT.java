package posthaste.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.DeliverBy;
import posthaste.mail.envelope.DeliverBy.Mode;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.Notify;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.record.Job;
import posthaste.testing.ScriptedSmtpPeer;

/** What the next hop is told of RFC 2852, and which next hop is told nothing at all. */
class DeliverByIT extends EngineFixture {

    @Test
    void theTimeThatIsLeftIsPassedOn() throws Exception {
        ScriptedSmtpPeer peer = peer().offering("PIPELINING", "DELIVERBY");

        Outcome outcome =
                only(
                        relayingTo(peer)
                                .attempt(due(Duration.ofMinutes(2), Mode.RETURN, true), BUDGET));

        assertThat(outcome).isEqualTo(delivered(outcome, true));
        assertThat(peer.onlyTransaction().mailParameters()).contains("BY=120;RT");
        relayingTo(peer).attempt(due(Duration.ofSeconds(-7), Mode.NOTIFY, false), BUDGET);
        assertThat(peer.transactions().getLast().mailParameters()).contains("BY=-7;N");
    }

    @Test
    void mailThatIsToBeReturnedIsNotGivenToWhoDoesNotKnowOfIt() throws Exception {
        ScriptedSmtpPeer peer = peer().offering("PIPELINING");

        assertThat(failedBy(peer, Duration.ofMinutes(2))).isEqualTo("5.3.3");
        assertThat(peer.transactions()).isEmpty();
    }

    @Test
    void norToWhoCannotBeThatFast() throws Exception {
        ScriptedSmtpPeer peer = peer().offering("PIPELINING", "DELIVERBY 240");

        assertThat(failedBy(peer, Duration.ofSeconds(239))).isEqualTo("5.4.7");
        assertThat(peer.transactions()).isEmpty();
        assertThat(
                        only(
                                relayingTo(peer)
                                        .attempt(
                                                due(Duration.ofMinutes(4), Mode.RETURN, false),
                                                BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void onceItsTimeHasPassedNoAttemptIsMade() throws Exception {
        ScriptedSmtpPeer peer = peer().offering("DELIVERBY");

        assertThat(failedBy(peer, Duration.ZERO)).isEqualTo("5.4.7");
        assertThat(peer.connections()).isZero();
    }

    @Test
    void whoDoesNotKnowOfTheTimeIsToTellOfDelays() throws Exception {
        ScriptedSmtpPeer peer = peer().offering("PIPELINING", "DSN");
        List<Recipient> recipients =
                List.of(
                        recipient("silent@x.org", Notify.NOT_GIVEN),
                        recipient("success@x.org", Notify.parse("SUCCESS")),
                        recipient("never@x.org", Notify.parse("NEVER")));
        Job job =
                job(
                        envelope("s@x.org", recipients, BodyType.SEVEN_BIT, false)
                                .handled(handling(Duration.ofSeconds(9), Mode.NOTIFY, false)),
                        MESSAGE);

        List<Outcome> outcomes = outcomes(relayingTo(peer).attempt(job, BUDGET));

        assertThat(outcomes).allSatisfy(each -> assertThat(each).isEqualTo(delivered(each, false)));
        assertThat(peer.onlyTransaction().mail()).doesNotContain("BY=");
        assertThat(peer.onlyTransaction().parametersOf("silent@x.org"))
                .containsExactly("NOTIFY=FAILURE,DELAY");
        assertThat(peer.onlyTransaction().parametersOf("success@x.org"))
                .containsExactly("NOTIFY=SUCCESS,DELAY");
        assertThat(peer.onlyTransaction().parametersOf("never@x.org"))
                .containsExactly("NOTIFY=NEVER");
    }

    private String failedBy(ScriptedSmtpPeer peer, Duration left) throws Exception {
        return failed(only(relayingTo(peer).attempt(due(left, Mode.RETURN, false), BUDGET)))
                .status()
                .toString();
    }

    private static Outcome delivered(Outcome like, boolean deliverByPassedOn) {
        Outcome.Delivered delivered = (Outcome.Delivered) like;
        return new Outcome.Delivered(delivered.reply(), delivered.dsnPassedOn(), deliverByPassedOn);
    }

    private static Recipient recipient(String address, Notify notify) {
        return new Recipient(EmailAddress.of(address), notify, Optional.empty());
    }

    private Job due(Duration left, Mode mode, boolean trace) {
        return job(envelope("a@x.org").handled(handling(left, mode, trace)), MESSAGE);
    }

    private Handling handling(Duration left, Mode mode, boolean trace) {
        return new Handling(
                new FirstStop.Attempt(),
                false,
                Optional.of(new DeliverBy(clock.instant().plus(left), mode, trace)));
    }
}
