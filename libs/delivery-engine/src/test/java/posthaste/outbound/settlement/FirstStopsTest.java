package posthaste.outbound.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
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
import posthaste.mail.outcome.RecipientOutcome;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.Notice;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Tier;
import posthaste.mail.record.Topics;
import posthaste.mail.status.EnhancedStatusCode;

class FirstStopsTest {
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
    private final FirstStops stops = new FirstStops(POLICY, () -> now, "relay-1");
    private final AttemptSettlement attempts = new AttemptSettlement(POLICY, () -> now, "relay-1");

    @Test
    void anOrdinaryMailHasNoStopBeforeIt() {
        assertThat(stops.before(job(new FirstStop.Attempt()))).isEqualTo(new FirstStop.Attempt());
    }

    @Test
    void fallbackIsTheFirstTierAndNoAttempt() {
        Job job = job(new FirstStop.Fallback());
        assertThat(stops.before(job)).isEqualTo(new FirstStop.Fallback());

        List<OutgoingRecord> records = stops.toFallback(job).records(BODY);

        assertThat(records)
                .extracting(OutgoingRecord::topic)
                .containsExactly("mail.deferred.1m", Topics.EVENTS);
        Job next = (Job) records.getFirst().content();
        assertThat(next.attempts()).isZero();
        assertThat(next.pending()).isEqualTo(job.pending());
        assertThat(stops.before(next)).isEqualTo(new FirstStop.Attempt());
        Event event = (Event) records.getLast().content();
        assertThat(event.entries())
                .extracting(Event.Entry::nextAttemptAt)
                .containsOnly(Optional.of(now.plusSeconds(60)));
    }

    @Test
    void aQuarantinedMailStopsOnlyOnce() {
        Job job = job(new FirstStop.Quarantine("Eicar found"));
        assertThat(stops.before(job)).isEqualTo(new FirstStop.Quarantine("Eicar found"));
        assertThat(stops.before(job.deferred(List.of(0), 0, 1, false)))
                .isEqualTo(new FirstStop.Attempt());
    }

    @Test
    void aHeldMailWaitsOnTheLongestTierThatDoesNotOvershoot() {
        assertThat(
                        Stream.of("PT10S", "PT4M59S", "PT5M", "PT59M", "PT3H59M", "PT4H", "P30D")
                                .map(Duration::parse)
                                .map(wait -> stops.held(job(hold(now.plus(wait))), now.plus(wait)))
                                .map(decision -> decision.deferral().orElseThrow().tier().name()))
                .containsExactly("1m", "1m", "5m", "15m", "1h", "4h", "4h");
    }

    @Test
    void aHeldMailIsReleasedAtMostTheShortestTierAfterItsTime() {
        Random random = new Random(4865);
        for (int i = 0; i < 300; i++) {
            now = ACCEPTED;
            Instant until = now.plusSeconds(random.nextInt(30 * 86_400));
            Job job = job(hold(until));
            while (!(stops.before(job) instanceof FirstStop.Attempt)) {
                Decision decision = stops.held(job, until);
                job = (Job) decision.records(BODY).getFirst().content();
                now = decision.deferral().orElseThrow().dueAt().plusMillis(random.nextInt(20));
            }
            assertThat(now).isBetween(until, until.plusSeconds(62));
            assertThat(job.attempts()).isZero();
            assertThat(job.delayWarned()).isFalse();
        }
    }

    @Test
    void aJobThatACrashMadeTwiceIsHeldTwice() {
        Instant until = now.plusSeconds(3600);
        Job job = job(hold(until));
        Job next = (Job) stops.held(job, until).records(BODY).getFirst().content();

        now = now.plusSeconds(3599);
        assertThat(stops.before(job)).isEqualTo(hold(until));
        assertThat(stops.before(next)).isEqualTo(hold(until));
        now = now.plusSeconds(1);
        assertThat(stops.before(job)).isEqualTo(new FirstStop.Attempt());
        assertThat(stops.before(next)).isEqualTo(new FirstStop.Attempt());
    }

    @Test
    void aReleasedMailHasAFreshMailsTime() {
        Instant until = ACCEPTED.plus(Duration.ofDays(20));
        Job job = job(hold(until)).deferred(List.of(0), 0, 5, false);

        now = until.plusSeconds(30);
        assertThat(topics(job)).containsExactly("mail.deferred.1m", Topics.EVENTS);

        now = until.plus(Duration.ofHours(4));
        assertThat(topics(job))
                .as("warned of as late by its release")
                .containsExactly("mail.deferred.1m", Topics.BOUNCE, Topics.EVENTS);

        now = until.plus(Duration.ofDays(5)).minusSeconds(1);
        assertThat(topics(job)).contains("mail.deferred.1m");

        now = until.plus(Duration.ofDays(5));
        Decision expired = attempts.decide(job, greylisted(job));
        assertThat(expired.deferral()).isEmpty();
        assertThat(expired.told()).containsOnlyKeys(Notice.Action.EXPIRED);
    }

    private List<String> topics(Job job) {
        return attempts.decide(job, greylisted(job)).records(BODY).stream()
                .map(OutgoingRecord::topic)
                .toList();
    }

    private AttemptReport greylisted(Job job) {
        Outcome later =
                new Outcome.Deferred(
                        EnhancedStatusCode.parse("4.7.1"),
                        Optional.empty(),
                        "Greylisted.",
                        Outcome.Kind.ATTEMPTED,
                        Duration.ZERO);
        return new AttemptReport(
                new AttemptDetails("x.org", "", "mx", "", "", now, Duration.ZERO),
                job.pending().stream().map(i -> new RecipientOutcome(i, later)).toList());
    }

    private static FirstStop hold(Instant until) {
        return new FirstStop.Hold(until);
    }

    private static Job job(FirstStop firstStop) {
        Envelope envelope =
                new Envelope(
                                MailId.next(() -> ACCEPTED),
                                new posthaste.mail.envelope.Stream("transactional"),
                                new ReversePath.From(EmailAddress.of("sender@example.com")),
                                List.of(
                                        new Recipient(
                                                EmailAddress.of("a@x.org"),
                                                Notify.NOT_GIVEN,
                                                Optional.empty())),
                                Ret.NOT_GIVEN,
                                Optional.empty(),
                                BodyType.SEVEN_BIT,
                                false,
                                Client.LOCAL,
                                Optional.empty())
                        .handled(Handling.ORDINARY.stoppingAt(firstStop));
        return Job.first(envelope, BODY, 0, false);
    }
}
