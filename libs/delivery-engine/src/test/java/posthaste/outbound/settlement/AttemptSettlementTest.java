package posthaste.outbound.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Notify;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.Outcome.Kind;
import posthaste.mail.outcome.RecipientOutcome;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.Notice;
import posthaste.mail.record.Notice.Action;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Tier;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

class AttemptSettlementTest {
    private static final Instant ACCEPTED = Instant.parse("2026-11-22T10:00:00Z");
    private static final Stream TRANSACTIONAL = new Stream("transactional");
    private static final BodyRef BODY = new BodyRef("primary/202611221000/1", 42, 1000, 7);
    private static final ReversePath SENDER =
            new ReversePath.From(EmailAddress.of("sender@example.com"));
    private static final RetryPolicy POLICY =
            new RetryPolicy(
                    java.util.stream.Stream.of("PT1M", "PT5M", "PT15M", "PT1H", "PT4H")
                            .map(Duration::parse)
                            .map(Tier::of)
                            .toList(),
                    Duration.ofDays(5),
                    Duration.ofDays(1),
                    Duration.ofHours(4));

    private static final Outcome DELIVERED =
            new Outcome.Delivered(new Reply(250, "2.0.0 taken"), true);
    private static final Outcome DELIVERED_WITHOUT_DSN =
            new Outcome.Delivered(new Reply(250, "2.0.0 taken"), false);
    private static final Outcome FAILED =
            new Outcome.Failed(
                    EnhancedStatusCode.parse("5.1.1"),
                    Optional.of(new Reply(550, "5.1.1 no such user")),
                    "The address is unknown there.");
    private static final Outcome GREYLISTED =
            deferred(Kind.ATTEMPTED, Optional.of(new Reply(451, "4.7.1 later")), Duration.ZERO);
    private static final Outcome AMBIGUOUS =
            deferred(Kind.AMBIGUOUS, Optional.empty(), Duration.ZERO);
    private static final Outcome HELD_BACK =
            deferred(Kind.NOT_ATTEMPTED, Optional.empty(), Duration.ofMinutes(10));

    private Instant now = ACCEPTED.plusSeconds(1);
    private final AttemptSettlement settlement =
            new AttemptSettlement(POLICY, () -> now, "relay-1");

    @Test
    void aDeliveredMailLeavesNothingButItsEvent() {
        Job job = job("a@x.org");

        List<OutgoingRecord> records = settle(job, DELIVERED);

        assertThat(records).hasSize(1);
        assertThat(records.getFirst().topic()).isEqualTo("mail.events");
        assertThat(records.getFirst().routingKey()).isEmpty();
        Event event = event(records);
        assertThat(event.at()).isEqualTo(now);
        assertThat(event.attempt()).contains(new Event.Attempt(1, job.id(), "relay-1", DETAILS));
        assertThat(event.entries())
                .containsExactly(
                        new Event.Entry(
                                "a@x.org",
                                Event.Kind.DELIVERED,
                                EnhancedStatusCode.parse("2.0.0"),
                                Optional.of(new Reply(250, "2.0.0 taken")),
                                "",
                                Optional.empty(),
                                false,
                                Optional.empty()));
    }

    @Test
    void aSoftFailureGoesToTheFirstTier() {
        Job job = job("a@x.org");

        List<OutgoingRecord> records = settle(job, GREYLISTED);

        assertThat(records)
                .extracting(OutgoingRecord::topic)
                .containsExactly("mail.deferred.1m", "mail.events");
        assertThat(records.getFirst().routingKey()).isEqualTo("x.org");
        assertThat(next(records)).contains(job.deferred(List.of(0), 1, 1, false));
        assertThat(event(records).entries())
                .containsExactly(
                        new Event.Entry(
                                "a@x.org",
                                Event.Kind.DEFERRED,
                                EnhancedStatusCode.parse("4.7.1"),
                                Optional.of(new Reply(451, "4.7.1 later")),
                                "Not now.",
                                Optional.of(now.plus(Duration.ofMinutes(1))),
                                false,
                                Optional.empty()));
    }

    @Test
    void aSoftFailureGoesToTheNextTierAndTheLastRepeats() {
        Job job = job("a@x.org");
        List<String> way = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            List<OutgoingRecord> records = settle(job, GREYLISTED);
            way.add(records.getFirst().topic());
            job = next(records).orElseThrow();
            assertThat(job.attempts()).isEqualTo(i + 1);
            assertThat(event(records).attempt().orElseThrow().number()).isEqualTo(i + 1);
        }

        assertThat(way)
                .containsExactly(
                        "mail.deferred.1m",
                        "mail.deferred.5m",
                        "mail.deferred.15m",
                        "mail.deferred.1h",
                        "mail.deferred.4h",
                        "mail.deferred.4h",
                        "mail.deferred.4h");
    }

    @Test
    void anAttemptWhoseReplyNeverCameWaitsLikeASoftFailureAndIsMarked() {
        List<OutgoingRecord> records = settle(job("a@x.org"), AMBIGUOUS);

        assertThat(next(records).orElseThrow().tier()).isEqualTo(1);
        assertThat(event(records).entries().getFirst().ambiguous()).isTrue();
    }

    @Test
    void whoIsHeldBackGoesToTheTierThatCoversTheWaitAndDoesNotCount() {
        Job job = job("a@x.org");

        List<OutgoingRecord> records = settle(job, HELD_BACK);

        assertThat(next(records)).contains(job.deferred(List.of(0), 0, 3, false));
        Event event = event(records);
        assertThat(event.attempt().orElseThrow().number()).isZero();
        assertThat(event.entries().getFirst().nextAttemptAt())
                .contains(now.plus(Duration.ofMinutes(15)));
    }

    @Test
    void aDetourByBeingHeldBackNeitherLosesNorGainsATier() {
        Job thrice = job("a@x.org").deferred(List.of(0), 3, 3, false);

        Job back = next(settle(thrice, HELD_BACK)).orElseThrow();
        assertThat(back.attempts()).isEqualTo(3);

        assertThat(next(settle(back, GREYLISTED)).orElseThrow().tier()).isEqualTo(4);
    }

    @Test
    void aRefusalIsToldToTheSender() {
        Job job = job("a@x.org");

        List<OutgoingRecord> records = settle(job, FAILED);

        assertThat(records)
                .extracting(OutgoingRecord::topic)
                .containsExactly("mail.bounce", "mail.events");
        assertThat(event(records).entries())
                .extracting(Event.Entry::kind)
                .containsExactly(Event.Kind.FAILED);
        assertThat(notice(records, Action.FAILED))
                .contains(
                        new Notice(
                                job.id() + "/failed/0",
                                job.envelope(),
                                BODY,
                                now,
                                ACCEPTED,
                                List.of(
                                        new Notice.Entry(
                                                0,
                                                Action.FAILED,
                                                EnhancedStatusCode.parse("5.1.1"),
                                                Optional.of(new Reply(550, "5.1.1 no such user")),
                                                "The address is unknown there.",
                                                "mx.x.org",
                                                Optional.empty()))));
    }

    @Test
    void anAttemptThatACrashRepeatsLeadsToTheSameNotification() {
        Job first = job("a@x.org");
        Job late = first.deferred(List.of(0), 4, 4, false);
        for (Job job : List.of(first, late)) {
            now = POLICY.nominallyDue(job.envelope().envelope(), job.attempts()).plusSeconds(20);
            Notice once = notice(settle(job, FAILED), Action.FAILED).orElseThrow();
            now = now.plusSeconds(90);
            Notice twice = notice(settle(job, FAILED), Action.FAILED).orElseThrow();
            assertThat(twice.decidedAt()).isAfter(once.decidedAt());
            assertThat(twice.notificationId()).isEqualTo(once.notificationId());
        }
    }

    @Test
    void aNotificationIsNeverMuchOlderThanWhatItTells() {
        Job job = job("a@x.org");
        for (Duration age : List.of(Duration.ZERO, Duration.ofHours(5), Duration.ofDays(30))) {
            now = ACCEPTED.plus(age).plusMillis(1);
            Notice notice = notice(settle(job, FAILED), Action.FAILED).orElseThrow();
            assertThat(Duration.between(notice.causedAt(), notice.decidedAt()))
                    .isBetween(Duration.ZERO, Duration.ofMinutes(10));
        }
    }

    @Test
    void whatWeDecidedOurselvesNamesNoRemoteHost() {
        Outcome nullMx =
                new Outcome.Failed(
                        EnhancedStatusCode.parse("5.1.10"),
                        Optional.empty(),
                        "The domain takes no mail.");

        Notice notice = notice(settle(job("a@x.org"), nullMx), Action.FAILED).orElseThrow();

        assertThat(notice.entries().getFirst().remoteHost()).isEmpty();
    }

    @Test
    void afterItsLifetimeARealAttemptEndsAMail() {
        now = ACCEPTED.plus(Duration.ofDays(5));

        for (Outcome last : List.of(GREYLISTED, AMBIGUOUS)) {
            List<OutgoingRecord> records = settle(warned(job("a@x.org")), last);

            assertThat(next(records)).isEmpty();
            assertThat(event(records).entries())
                    .extracting(Event.Entry::kind, Event.Entry::nextAttemptAt)
                    .containsExactly(tuple(Event.Kind.DEFERRED, Optional.empty()));
            assertThat(notice(records, Action.EXPIRED)).isPresent();
        }
    }

    @Test
    void aMomentBeforeItsLifetimeItIsTriedAgain() {
        now = ACCEPTED.plus(Duration.ofDays(5)).minusMillis(1);

        assertThat(next(settle(warned(job("a@x.org")), GREYLISTED))).isPresent();
    }

    @Test
    void whoWasNotTriedDoesNotExpireHoweverOldItIs() {
        now = ACCEPTED.plus(Duration.ofDays(30));

        List<OutgoingRecord> records = settle(warned(job("a@x.org")), HELD_BACK);

        assertThat(next(records)).isPresent();
        assertThat(notice(records, Action.EXPIRED)).isEmpty();
    }

    @Test
    void ourOwnNotificationsHaveALifetimeOfTheirOwn() {
        Job dsn =
                warned(
                        job(
                                Stream.DSN,
                                ReversePath.NULL,
                                new Recipient(EmailAddress.of("a@x.org"))));
        now = ACCEPTED.plus(Duration.ofDays(1));

        assertThat(notice(settle(dsn, GREYLISTED), Action.EXPIRED)).isPresent();
        assertThat(next(settle(warned(job("a@x.org")), GREYLISTED))).isPresent();
    }

    @Test
    void aLateMailIsWarnedOfOnce() {
        now = ACCEPTED.plus(Duration.ofHours(4));
        Job job = job("a@x.org");

        List<OutgoingRecord> first = settle(job, GREYLISTED);
        Notice warning = notice(first, Action.DELAYED).orElseThrow();
        assertThat(warning.id()).isEqualTo(job.id() + "/delayed/0");
        assertThat(warning.entries().getFirst().willRetryUntil())
                .contains(ACCEPTED.plus(Duration.ofDays(5)));

        List<OutgoingRecord> second = settle(next(first).orElseThrow(), GREYLISTED);
        assertThat(notice(second, Action.DELAYED)).isEmpty();
        assertThat(next(second).orElseThrow().delayWarned()).isTrue();
    }

    @Test
    void aMailIsNotLateBeforeItsTime() {
        now = ACCEPTED.plus(Duration.ofHours(4)).minusMillis(1);

        List<OutgoingRecord> records = settle(job("a@x.org"), GREYLISTED);

        assertThat(notice(records, Action.DELAYED)).isEmpty();
        assertThat(next(records).orElseThrow().delayWarned()).isFalse();
    }

    @Test
    void aMailThatIsHeldBackIsLateAllTheSame() {
        now = ACCEPTED.plus(Duration.ofHours(4));

        assertThat(notice(settle(job("a@x.org"), HELD_BACK), Action.DELAYED)).isPresent();
    }

    @Test
    void aWarningGoesOnlyToWhomNotifyAllowsIt() {
        now = ACCEPTED.plus(Duration.ofHours(4));
        Job job =
                job(
                        TRANSACTIONAL,
                        SENDER,
                        recipient("never@x.org", "NEVER"),
                        recipient("failure@x.org", "FAILURE"),
                        recipient("delay@x.org", "DELAY"));

        List<OutgoingRecord> records = settle(job, GREYLISTED, GREYLISTED, GREYLISTED);

        assertThat(notice(records, Action.DELAYED).orElseThrow().entries())
                .extracting(Notice.Entry::recipient)
                .containsExactly(2);
        assertThat(next(records).orElseThrow().pending()).containsExactly(0, 1, 2);
    }

    @Test
    void successIsToldByUsOnlyWhereTheNextHopCannot() {
        Job job =
                job(
                        TRANSACTIONAL,
                        SENDER,
                        recipient("asked@x.org", "SUCCESS"),
                        recipient("asked-too@x.org", "SUCCESS,FAILURE"),
                        recipient("not-asked@x.org", "FAILURE"));

        List<OutgoingRecord> records =
                settle(job, DELIVERED_WITHOUT_DSN, DELIVERED, DELIVERED_WITHOUT_DSN);

        assertThat(notice(records, Action.RELAYED).orElseThrow().entries())
                .extracting(Notice.Entry::recipient)
                .containsExactly(0);
    }

    @Test
    void withoutASenderNobodyIsWarnedOrToldOfSuccessButEndsAreStillRecorded() {
        now = ACCEPTED.plus(Duration.ofHours(4));
        Job job =
                job(
                        TRANSACTIONAL,
                        ReversePath.NULL,
                        recipient("late@x.org", "SUCCESS,DELAY"),
                        recipient("taken@x.org", "SUCCESS,DELAY"),
                        recipient("refused@x.org", "SUCCESS,DELAY"));

        List<OutgoingRecord> records = settle(job, GREYLISTED, DELIVERED_WITHOUT_DSN, FAILED);

        assertThat(notice(records, Action.DELAYED)).isEmpty();
        assertThat(notice(records, Action.RELAYED)).isEmpty();
        assertThat(notice(records, Action.FAILED)).isPresent();
    }

    @Test
    void eachRecipientOfAMixedJobGoesItsOwnWay() {
        Job job = job("taken@x.org", "refused@x.org", "later@x.org", "held@x.org");

        List<OutgoingRecord> records = settle(job, DELIVERED, FAILED, GREYLISTED, HELD_BACK);

        assertThat(event(records).entries())
                .extracting(Event.Entry::recipient, Event.Entry::kind)
                .containsExactly(
                        tuple("taken@x.org", Event.Kind.DELIVERED),
                        tuple("refused@x.org", Event.Kind.FAILED),
                        tuple("later@x.org", Event.Kind.DEFERRED),
                        tuple("held@x.org", Event.Kind.DEFERRED));
        assertThat(next(records)).contains(job.deferred(List.of(2, 3), 1, 1, false));
    }

    @Test
    void onlyPendingRecipientsOfALaterAttemptAreSettled() {
        Job job = job("a@x.org", "b@x.org", "c@x.org").deferred(List.of(1, 2), 1, 1, false);

        List<OutgoingRecord> records = settle(job, DELIVERED, GREYLISTED);

        assertThat(event(records).entries())
                .extracting(Event.Entry::recipient)
                .containsExactly("b@x.org", "c@x.org");
        assertThat(next(records).orElseThrow().pending()).containsExactly(2);
    }

    @Test
    void refusalsOfOneJobInTwoAttemptsAreTwoNotices() {
        Job job = job("a@x.org", "b@x.org");
        List<OutgoingRecord> first = settle(job, FAILED, GREYLISTED);
        List<OutgoingRecord> second = settle(next(first).orElseThrow(), FAILED);

        assertThat(notice(first, Action.FAILED).orElseThrow().id())
                .isNotEqualTo(notice(second, Action.FAILED).orElseThrow().id());
    }

    @Test
    void aRepeatAfterACrashMakesTheSameRecords() {
        Job job = job("a@x.org", "b@x.org", "c@x.org");

        List<OutgoingRecord> once = settle(job, FAILED, GREYLISTED, DELIVERED);
        List<OutgoingRecord> again = settle(job, FAILED, GREYLISTED, DELIVERED);

        assertThat(again).isEqualTo(once);
    }

    @Test
    void aRepeatAtAnotherTimeNamesItsNoticesAlike() {
        Job job = job("a@x.org");
        String once = notice(settle(job, FAILED), Action.FAILED).orElseThrow().id();
        now = now.plusSeconds(60);

        assertThat(notice(settle(job, FAILED), Action.FAILED).orElseThrow().id()).isEqualTo(once);
    }

    @Test
    void aReportThatForgetsSomeoneIsADefectAndNotASettlement() {
        Job job = job("a@x.org", "b@x.org");

        for (List<Integer> wrong : List.of(List.of(0), List.of(0, 0), List.of(0, 1, 2))) {
            AttemptReport report =
                    new AttemptReport(
                            DETAILS,
                            wrong.stream().map(i -> new RecipientOutcome(i, DELIVERED)).toList());
            assertThatThrownBy(() -> settlement.decide(job, report))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theBodyIsNeededUntilTheLastRecordThatNamesItIsDue() {
        Job job = job("a@x.org");

        assertThat(settlement.decide(job, report(job, DELIVERED)).bodyNeededAt()).isEmpty();
        assertThat(settlement.decide(job, report(job, FAILED)).bodyNeededAt()).contains(now);
        assertThat(settlement.decide(job, report(job, GREYLISTED)).bodyNeededAt())
                .contains(now.plus(Duration.ofMinutes(1)));
    }

    @Test
    void allRecordsNameTheBodyWhereItLies() {
        Job job = job("a@x.org", "b@x.org");
        BodyRef moved = new BodyRef("deferred/202611221030/9", 0, 1000, 7);

        List<OutgoingRecord> records =
                settlement.decide(job, report(job, GREYLISTED, FAILED)).records(moved);

        assertThat(next(records).orElseThrow().body()).isEqualTo(moved);
        assertThat(notice(records, Action.FAILED).orElseThrow().body()).isEqualTo(moved);
    }

    /** Whatever a report says, nobody is lost and nobody stands in two places (invariant 2). */
    @Test
    void eachPendingRecipientEndsInExactlyOnePlace() {
        Random random = new Random(20261122);
        Outcome[] all = {
            DELIVERED, DELIVERED_WITHOUT_DSN, FAILED, GREYLISTED, AMBIGUOUS, HELD_BACK
        };
        String[] notify = {"NEVER", "SUCCESS", "FAILURE", "DELAY", "SUCCESS,FAILURE,DELAY"};
        for (int round = 0; round < 5000; round++) {
            Recipient[] recipients =
                    IntStream.rangeClosed(0, random.nextInt(8))
                            .mapToObj(i -> recipient("r" + i + "@x.org", pick(random, notify)))
                            .toArray(Recipient[]::new);
            Job whole =
                    job(
                            random.nextInt(4) == 0 ? Stream.DSN : TRANSACTIONAL,
                            random.nextInt(3) == 0 ? ReversePath.NULL : SENDER,
                            recipients);
            List<Integer> pending =
                    whole.pending().stream().filter(_ -> random.nextInt(4) > 0).toList();
            if (pending.isEmpty()) {
                continue;
            }
            Job job =
                    whole.deferred(
                            pending, random.nextInt(9), random.nextInt(7), random.nextBoolean());
            now = ACCEPTED.plusSeconds(random.nextInt(8 * 86_400));
            Outcome[] outcomes =
                    pending.stream().map(_ -> pick(random, all)).toArray(Outcome[]::new);

            List<OutgoingRecord> records = settle(job, outcomes);

            for (int i = 0; i < outcomes.length; i++) {
                int recipient = pending.get(i);
                boolean delivered = outcomes[i] instanceof Outcome.Delivered;
                boolean waits =
                        next(records).filter(n -> n.pending().contains(recipient)).isPresent();
                boolean ends =
                        isTold(records, Action.FAILED, recipient)
                                || isTold(records, Action.EXPIRED, recipient);
                assertThat(java.util.stream.Stream.of(delivered, waits, ends).filter(b -> b))
                        .as("recipient %s of %s after %s", recipient, job, outcomes[i])
                        .hasSize(1);
                assertThat(event(records).entries().get(i).nextAttemptAt().isPresent())
                        .as("a promise is made to those who wait, and to nobody else")
                        .isEqualTo(waits);
            }
            assertThat(event(records).entries()).hasSameSizeAs(pending);
            next(records)
                    .ifPresent(next -> {
                        assertThat(next.id()).isEqualTo(job.id());
                        assertThat(next.derived()).isTrue();
                        assertThat(next.attempts()).isGreaterThanOrEqualTo(job.attempts());
                    });
        }
    }

    private static final AttemptDetails DETAILS =
            new AttemptDetails(
                    "x.org",
                    "127.0.0.1",
                    "mx.x.org",
                    "127.0.0.1:25",
                    "",
                    ACCEPTED,
                    Duration.ofMillis(20));

    private List<OutgoingRecord> settle(Job job, Outcome... outcomes) {
        return settlement.decide(job, report(job, outcomes)).records(job.body());
    }

    private static AttemptReport report(Job job, Outcome... outcomes) {
        return new AttemptReport(
                DETAILS,
                IntStream.range(0, outcomes.length)
                        .mapToObj(i -> new RecipientOutcome(job.pending().get(i), outcomes[i]))
                        .toList());
    }

    private static Event event(List<OutgoingRecord> records) {
        return contents(records, Event.class).findFirst().orElseThrow();
    }

    private static Optional<Job> next(List<OutgoingRecord> records) {
        return contents(records, Job.class).findFirst();
    }

    private static Optional<Notice> notice(List<OutgoingRecord> records, Action action) {
        return contents(records, Notice.class)
                .filter(notice -> notice.entries().getFirst().action() == action)
                .findFirst();
    }

    private static boolean isTold(List<OutgoingRecord> records, Action action, int recipient) {
        return notice(records, action).stream()
                .flatMap(notice -> notice.entries().stream())
                .anyMatch(entry -> entry.recipient() == recipient);
    }

    private static <T> java.util.stream.Stream<T> contents(
            List<OutgoingRecord> records, Class<T> type) {
        return records.stream()
                .map(OutgoingRecord::content)
                .filter(type::isInstance)
                .map(type::cast);
    }

    private static Job warned(Job job) {
        return job.deferred(job.pending(), 5, 5, true);
    }

    private static Job job(String... recipients) {
        return job(
                TRANSACTIONAL,
                SENDER,
                Arrays.stream(recipients)
                        .map(address -> new Recipient(EmailAddress.of(address)))
                        .toArray(Recipient[]::new));
    }

    private static Job job(Stream stream, ReversePath reversePath, Recipient... recipients) {
        return Job.first(
                new Envelope(
                        MailId.derived(ACCEPTED, "a test"),
                        stream,
                        reversePath,
                        List.of(recipients),
                        Ret.NOT_GIVEN,
                        Optional.empty(),
                        BodyType.SEVEN_BIT,
                        false,
                        Client.LOCAL,
                        Optional.empty()),
                BODY,
                0,
                false);
    }

    private static Recipient recipient(String address, String notify) {
        return new Recipient(EmailAddress.of(address), Notify.parse(notify), Optional.empty());
    }

    private static Outcome deferred(Kind kind, Optional<Reply> reply, Duration retryAfter) {
        return new Outcome.Deferred(
                EnhancedStatusCode.parse("4.7.1"), reply, "Not now.", kind, retryAfter);
    }

    private static <T> T pick(Random random, T[] from) {
        return from[random.nextInt(from.length)];
    }
}
