package posthaste.outbound.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.DeliverBy;
import posthaste.mail.envelope.DeliverBy.Mode;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Notify;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.Outcome.Kind;
import posthaste.mail.outcome.RecipientOutcome;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.Notice.Action;
import posthaste.mail.record.Notice.Entry;
import posthaste.mail.record.Tier;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/** RFC 2852 section 4.1, of mail that is deferred or relayed. */
class DeliverByTest {
    private static final Instant ACCEPTED = Instant.parse("2026-11-22T10:00:00Z");
    private static final BodyRef BODY = new BodyRef("primary/202611221000/1", 42, 1000, 7);
    private static final RetryPolicy POLICY =
            new RetryPolicy(
                    Stream.of("PT1M", "PT5M", "PT15M", "PT1H", "PT4H")
                            .map(Duration::parse)
                            .map(Tier::of)
                            .toList(),
                    Duration.ofDays(5),
                    Duration.ofDays(1),
                    Duration.ofHours(4));

    private Instant now = ACCEPTED;
    private final AttemptSettlement settlement =
            new AttemptSettlement(POLICY, () -> now, "relay-1");

    @Test
    void aMailToBeReturnedIsReturnedWhenTheNextAttemptWouldBeTooLate() {
        Job job = job(Duration.ofSeconds(90), Mode.RETURN, false);

        assertThat(settle(job, deferred(Kind.ATTEMPTED)).deferral()).isPresent();

        now = ACCEPTED.plusSeconds(60);
        Decision returned = settle(job.deferred(List.of(0), 1, 1, false), deferred(Kind.ATTEMPTED));
        assertThat(returned.deferral()).isEmpty();
        assertThat(only(returned, Action.FAILED).status()).hasToString("5.4.7");
        assertThat(returned.event().entries())
                .extracting(Event.Entry::kind)
                .containsExactly(Event.Kind.FAILED);
    }

    @Test
    void ourOwnDelayIsNoReasonToSendItLate() {
        now = ACCEPTED.plusSeconds(100);
        Job job = job(Duration.ofSeconds(90), Mode.RETURN, false);

        assertThat(only(settle(job, deferred(Kind.NOT_ATTEMPTED)), Action.FAILED).status())
                .hasToString("5.4.7");
    }

    @Test
    void noWaitGoesFarBeyondTheTime() {
        Job tried =
                job(Duration.ofMinutes(20), Mode.RETURN, false).deferred(List.of(0), 4, 4, false);

        assertThat(settle(tried, deferred(Kind.ATTEMPTED)).deferral().orElseThrow().tier().name())
                .as("instead of 4h")
                .isEqualTo("15m");
        now = ACCEPTED.plus(Duration.ofMinutes(15));
        assertThat(settle(tried, deferred(Kind.ATTEMPTED)).deferral()).as("in 5m").isEmpty();
        now = ACCEPTED.plus(Duration.ofMinutes(14));
        assertThat(settle(tried, deferred(Kind.ATTEMPTED)).deferral().orElseThrow().tier().name())
                .isEqualTo("5m");
    }

    @Test
    void aMailThatGoesOnIsToldOfOnceWhenItsTimeHasPassed() {
        Job job = job(Duration.ofSeconds(90), Mode.NOTIFY, false);

        assertThat(settle(job, deferred(Kind.ATTEMPTED)).told()).isEmpty();

        now = ACCEPTED.plusSeconds(120);
        Decision late = settle(job.deferred(List.of(0), 1, 1, false), deferred(Kind.ATTEMPTED));
        assertThat(only(late, Action.DELAYED).status()).hasToString("4.4.7");
        assertThat(late.deferral().orElseThrow().tier().name()).isEqualTo("5m");
        assertThat(late.deferral().orElseThrow().delayWarned()).isTrue();

        now = ACCEPTED.plus(Duration.ofHours(5));
        assertThat(settle(job.deferred(List.of(0), 2, 2, true), deferred(Kind.ATTEMPTED)).told())
                .isEmpty();
    }

    @Test
    void itsTimeTakesThePlaceOfTheUsualWarning() {
        Job job = job(Duration.ofHours(9), Mode.NOTIFY, false);
        now = ACCEPTED.plus(Duration.ofHours(5));

        assertThat(settle(job, deferred(Kind.ATTEMPTED)).told()).isEmpty();
    }

    @Test
    void whoAskedForTracesIsToldOfEachRelay() {
        Job traced = job(Duration.ofHours(1), Mode.RETURN, true);
        assertThat(settle(traced, delivered(true)).told()).containsOnlyKeys(Action.RELAYED);

        Job quiet = job(Duration.ofHours(1), Mode.RETURN, false);
        assertThat(settle(quiet, delivered(true)).told()).isEmpty();
    }

    @Test
    void whereTheTimeCannotBePassedOnTheSenderIsTold() {
        Job job = job(Duration.ofHours(1), Mode.NOTIFY, false);

        assertThat(settle(job, delivered(true)).told()).isEmpty();
        assertThat(settle(job, delivered(false)).told()).containsOnlyKeys(Action.RELAYED);
        now = ACCEPTED.plus(Duration.ofHours(2));
        assertThat(settle(job, delivered(false)).told()).as("it is over").isEmpty();
    }

    @Test
    void whoWantsToHearNothingHearsNothing() {
        Job never = job(Duration.ofHours(1), Mode.NOTIFY, true, Notify.parse("NEVER"));

        assertThat(settle(never, delivered(false)).told()).isEmpty();
    }

    private Decision settle(Job job, Outcome outcome) {
        return settlement.decide(
                job,
                new AttemptReport(
                        new AttemptDetails("x.org", "", "mx", "", "", now, Duration.ZERO),
                        List.of(new RecipientOutcome(0, outcome))));
    }

    private static Entry only(Decision decision, Action action) {
        Map<Action, List<Entry>> told = decision.told();
        assertThat(told).containsOnlyKeys(action);
        return told.get(action).getFirst();
    }

    private static Outcome delivered(boolean deliverByPassedOn) {
        return new Outcome.Delivered(new Reply(250, "2.0.0 ok"), true, deliverByPassedOn);
    }

    private static Outcome deferred(Kind kind) {
        return new Outcome.Deferred(
                EnhancedStatusCode.parse("4.7.1"),
                Optional.empty(),
                "Not now.",
                kind,
                Duration.ZERO);
    }

    private static Job job(Duration by, Mode mode, boolean trace) {
        return job(by, mode, trace, Notify.NOT_GIVEN);
    }

    private static Job job(Duration by, Mode mode, boolean trace, Notify notify) {
        Handling handling =
                new Handling(
                        new FirstStop.Attempt(),
                        false,
                        Optional.of(new DeliverBy(ACCEPTED.plus(by), mode, trace)));
        Envelope envelope =
                new Envelope(
                                MailId.next(() -> ACCEPTED),
                                new posthaste.mail.envelope.Stream("transactional"),
                                new ReversePath.From(EmailAddress.of("sender@example.com")),
                                List.of(
                                        new Recipient(
                                                EmailAddress.of("a@x.org"),
                                                notify,
                                                Optional.empty())),
                                Ret.NOT_GIVEN,
                                Optional.empty(),
                                BodyType.SEVEN_BIT,
                                false,
                                Client.LOCAL,
                                Optional.empty())
                        .handled(handling);
        return Job.first(envelope, BODY, 0, false);
    }
}
