package posthaste.bounce.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.Story;
import posthaste.mail.record.Event;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Notice;
import posthaste.mail.record.Topics;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.QueuedRecord;

/** What the audit counts. */
class AuditIT extends AuditLab {

    @Test
    void aQueuedRecordThatIsTakenAwayIsUnaccounted() throws Exception {
        tailEvents();
        Story kept = Story.of(NOON, "app@example.com", "kept@example.org");
        Story lost = Story.of(NOON, "app@example.com", "lost@example.org");
        publish(OUTBOUND, lost.acceptance());
        takeAwayWhatIsQueued();
        publish(OUTBOUND, kept.acceptance());
        awaitAccepted(2);

        AuditReport soon = audit().run();
        assertThat(soon.queued()).isEqualTo(1);
        assertThat(soon.unaccounted()).isZero();
        assertThat(soon.settling()).isEqualTo(1);

        clock.advance(GRACE.plusSeconds(1));
        AuditReport late = audit().run();
        assertThat(late.accepted()).isEqualTo(2);
        assertThat(late.queued()).isEqualTo(1);
        assertThat(late.settling()).isZero();
        assertThat(late.judged()).isTrue();
        assertThat(late.unaccounted()).isEqualTo(1);
        assertThat(late.unaccountedIds())
                .containsExactly(
                        new AuditReport.Unaccounted(lost.id().value(), "lost@example.org", NOON));
    }

    @Test
    void anEndAccountsForARecipient() throws Exception {
        tailEvents();
        List<Story> stories = new ArrayList<>();
        for (String to : List.of("d@a.example", "b@a.example", "e@a.example", "r@a.example")) {
            Story story = Story.of(NOON, "app@example.com", to);
            stories.add(story);
            publish(OUTBOUND, story.acceptance());
        }
        takeAwayWhatIsQueued();
        publish(Topics.EVENTS, stories.get(0).delivered("d@a.example", 1, NOON));
        publish(Topics.EVENTS, stories.get(1).end("b@a.example", Event.Kind.BOUNCED, NOON));
        publish(Topics.EVENTS, stories.get(2).end("e@a.example", Event.Kind.EXPIRED, NOON));
        publish(Topics.EVENTS, stories.get(3).end("r@a.example", Event.Kind.REMOVED, NOON));
        clock.advance(Duration.ofDays(1));
        AuditReport report = audit().run();
        assertThat(
                        List.of(
                                report.accepted(),
                                report.delivered(),
                                report.bounced(),
                                report.expired(),
                                report.removed(),
                                report.queued(),
                                report.unaccounted(),
                                report.settling()))
                .containsExactly(4L, 1L, 1L, 1L, 1L, 0L, 0L, 0L);
    }

    @Test
    void whoStandsInAnyQueueIsQueuedAndCountedOnce() throws Exception {
        tailEvents();
        Story split = Story.of(NOON, "app@example.com", "one@example.org", "two@example.net");
        Story deferred = Story.of(NOON, "app@example.com", "deferred@example.org");
        Story failed = Story.of(NOON, "app@example.com", "failed@example.org");
        Story warned = Story.of(NOON, "app@example.com", "warned@example.org");
        Story dead = Story.of(NOON, "app@example.com", "dead@example.org");
        publish(
                OUTBOUND,
                deferred.acceptance(),
                failed.acceptance(),
                warned.acceptance(),
                dead.acceptance());
        takeAwayWhatIsQueued();
        publish(OUTBOUND, split.acceptance());
        // A crash has forked this job: one of its recipients stands in two places.
        publish(DEFERRED, jobs(split).getFirst().deferred(List.of(0), 1, 1, false));
        publish(DEFERRED, jobs(deferred).getFirst().deferred(List.of(0), 1, 1, false));
        publish(Topics.BOUNCE, notice(failed, Notice.Action.FAILED));
        publish(Topics.BOUNCE, notice(warned, Notice.Action.DELAYED));
        publish(Topics.DEAD_LETTER, jobs(dead).getFirst());
        queue.appendRaw(Topics.DEAD_LETTER, new byte[] {1, 2, 3});
        awaitAccepted(6);
        clock.advance(GRACE.plusSeconds(1));

        AuditReport report = audit().run();
        assertThat(report.accepted()).isEqualTo(6);
        assertThat(report.queued()).isEqualTo(5);
        assertThat(report.unaccountedIds())
                .extracting(AuditReport.Unaccounted::recipient)
                .containsExactly("warned@example.org");
    }

    @Test
    void aLogThatLagsAccusesNobody() throws Exception {
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        publish(OUTBOUND, story.acceptance());
        takeAwayWhatIsQueued();
        publish(Topics.EVENTS, story.delivered("ann@example.org", 1, NOON));
        awaitAccepted(1);
        clock.advance(Duration.ofHours(1));

        AuditReport lagging = audit().run();
        assertThat(lagging.unaccounted()).isZero();
        assertThat(lagging.settling()).isEqualTo(1);
        assertThat(lagging.behind()).isEqualTo(1);
        assertThat(lagging.judged()).isFalse();

        tailEvents();
        await().until(() -> audit().run().delivered() == 1);
        assertThat(audit().run().judged()).isTrue();
    }

    @Test
    void aDeferredMailIsNotOverdueBeforeItsPromise() throws Exception {
        tailEvents();
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        publish(OUTBOUND, story.acceptance());
        takeAwayWhatIsQueued();
        publish(
                Topics.EVENTS,
                story.deferred("ann@example.org", 1, NOON, NOON.plus(Duration.ofHours(4))));
        awaitAccepted(1);
        clock.advance(Duration.ofHours(4));
        assertThat(audit().run().unaccounted()).isZero();
        clock.advance(GRACE.plusSeconds(1));
        assertThat(audit().run().unaccounted()).isEqualTo(1);
    }

    @Test
    void aMailThatMovesDuringTheLookIsNotAccused() throws Exception {
        tailEvents();
        publish(OUTBOUND, Story.of(NOON, "app@example.com", "ann@example.org").acceptance());
        awaitAccepted(1);
        clock.advance(Duration.ofHours(1));
        AtomicInteger looks = new AtomicInteger();
        QueueScanner blindAtFirst =
                new QueueScanner() {
                    @Override
                    public void scan(
                            String group, List<String> names, Consumer<QueuedRecord> visitor)
                            throws QueueUnavailableException, InterruptedException {
                        if (!group.equals(Topics.DELIVERY_GROUP) || looks.incrementAndGet() > 1) {
                            queue.scanner().scan(group, names, visitor);
                        }
                    }

                    @Override
                    public void read(
                            String topic,
                            Instant since,
                            boolean onwards,
                            Consumer<QueuedRecord> visitor)
                            throws QueueUnavailableException, InterruptedException {
                        queue.scanner().read(topic, since, onwards, visitor);
                    }

                    @Override
                    public List<Long> ends(String topic)
                            throws QueueUnavailableException, InterruptedException {
                        return queue.scanner().ends(topic);
                    }
                };
        AuditReport report =
                new Audit(
                                new LogAccounts(postgres.database()),
                                blindAtFirst,
                                topics,
                                clock,
                                properties(1_000_000))
                        .run();
        assertThat(looks).hasValue(2);
        assertThat(report.unaccounted()).isZero();
        assertThat(report.queued()).isEqualTo(1);
    }

    @Test
    void aQueueLargerThanTheMemoryIsCountedExactly() throws Exception {
        tailEvents();
        List<MailRecord> mails = new ArrayList<>();
        for (int i = 0; i < 7_000; i++) {
            mails.add(Story.of(NOON, "app@example.com", "r" + i + "@example.org").acceptance());
        }
        publish(OUTBOUND, mails.toArray(MailRecord[]::new));
        awaitAccepted(7_000);
        clock.advance(Duration.ofHours(1));
        AuditReport report = audit(1_000).run();
        assertThat(report.queued()).isEqualTo(7_000);
        assertThat(report.unaccounted()).isZero();
        assertThat(report.settling()).isZero();
    }

    @Test
    void theScheduleAnswersAtOnceWithTheFiguresOfJustNow() throws Exception {
        tailEvents();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        AuditSchedule schedule = new AuditSchedule(audit(), properties(1000), clock, meters);
        AuditReport before = schedule.fresh();
        assertThat(schedule.fresh()).isSameAs(before);
        publish(OUTBOUND, Story.of(NOON, "a@example.com", "x@example.org").acceptance());
        awaitAccepted(1);
        clock.advance(Duration.ofMinutes(1));
        assertThat(schedule.fresh()).isNotSameAs(before);
        assertThat(meters.get("posthaste.audit.queued").gauge().value()).isEqualTo(1);
        assertThat(meters.get("posthaste.audit.age.seconds").gauge().value()).isZero();
    }

    @Test
    void theQueueIsShownByDestination() throws Exception {
        Story split = Story.of(NOON, "app@example.com", "one@example.org", "two@example.net");
        Story deferred = Story.of(NOON.minusSeconds(90), "app@example.com", "d@example.org");
        publish(OUTBOUND, split.acceptance());
        publish(DEFERRED, jobs(deferred).getFirst().deferred(List.of(0), 1, 1, false));
        QueueOverview overview = new QueueView(queue.scanner(), topics, clock).look();
        assertThat(overview.jobs()).isEqualTo(3);
        assertThat(overview.destinations())
                .containsExactly(
                        new QueueOverview.Destination(
                                "example.org",
                                2,
                                2,
                                NOON.minusSeconds(90),
                                NOON,
                                List.of(
                                        new QueueOverview.Place(DEFERRED, 1),
                                        new QueueOverview.Place(OUTBOUND, 1))),
                        new QueueOverview.Destination(
                                "example.net",
                                1,
                                1,
                                NOON,
                                NOON,
                                List.of(new QueueOverview.Place(OUTBOUND, 1))));

        QueueCensus census = new QueueCensus(topics, 1);
        queue.scanner().scan(Topics.DELIVERY_GROUP, topics.outbound(), census::add);
        assertThat(census.overview(NOON, 10).rest()).contains(new QueueOverview.Rest(0, 1, 1));
    }
}
