package posthaste.bounce.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import posthaste.bounce.audit.AuditReport.Hour;
import posthaste.bounce.audit.AuditReport.Unaccounted;
import posthaste.bounce.audit.AuditReport.Waiting;
import posthaste.bounce.deliverylog.Story;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.Notice;
import posthaste.mail.record.Topics;

/** Each term of the audit's equation made wrong, and told apart from the others. */
class AuditTermsIT extends AuditLab {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void eachHourOfAcceptanceIsCountedByItself() throws Exception {
        tailEvents();
        Story earlier = Story.of(NOON.minus(HOUR), "app@example.com", "a@example.org");
        Story lost = Story.of(NOON.minusMillis(1), "app@example.com", "lost@example.org");
        Story sharp = Story.of(NOON, "app@example.com", "b@example.org", "c@example.net");
        publish(OUTBOUND, earlier.acceptance(), lost.acceptance());
        takeAwayWhatIsQueued();
        publish(OUTBOUND, sharp.acceptance());
        publish(Topics.EVENTS, earlier.delivered("a@example.org", 1, NOON));
        awaitAccepted(4);
        clock.advance(GRACE.plusSeconds(1));

        AuditReport report = audit().run();
        assertThat(report.since()).isEqualTo(NOON.minus(HOUR));
        assertThat(report.hours())
                .containsExactly(
                        new Hour(NOON, 2, 0, 0, 0, 0, 2, 0, 0, 0),
                        new Hour(NOON.minus(HOUR), 2, 1, 0, 0, 0, 0, 0, 1, 0));
        assertThat(report.unaccounted()).isEqualTo(1);
        assertThat(report.accepted()).isEqualTo(4);
    }

    @Test
    void theHoursThatAreShownAreThoseOfTwoDaysAndThoseWithSomebodyOpen() throws Exception {
        tailEvents();
        Story over = Story.of(NOON.minus(Duration.ofDays(5)), "a@example.com", "x@example.org");
        Story open = Story.of(NOON.minus(Duration.ofDays(4)), "a@example.com", "y@example.org");
        publish(OUTBOUND, over.acceptance(), open.acceptance());
        publish(Topics.EVENTS, over.delivered("x@example.org", 1, NOON));
        awaitAccepted(2);
        AuditReport report = audit().run();
        assertThat(report.hours())
                .extracting(Hour::from)
                .containsExactly(NOON.minus(Duration.ofDays(4)));
        assertThat(report.accepted()).isEqualTo(2);
    }

    @Test
    void theGaugesTellTheHoursOfTheLastDay() throws Exception {
        tailEvents();
        publish(OUTBOUND, Story.of(NOON, "a@example.com", "x@example.org").acceptance());
        publish(
                OUTBOUND,
                Story.of(NOON.minus(Duration.ofHours(25)), "a@example.com", "y@example.org")
                        .acceptance());
        awaitAccepted(2);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        AuditSchedule schedule = new AuditSchedule(audit(), properties(1000), clock, meters);
        assertThat(hourOf(meters, "12", "queued")).isNaN();
        schedule.fresh();
        assertThat(hourOf(meters, "12", "queued")).isEqualTo(1);
        assertThat(hourOf(meters, "11", "queued")).isZero();
        assertThat(meters.get("posthaste.audit.queued").gauge().value()).isEqualTo(2);
        assertThat(
                        meters.get("posthaste.audit.late")
                                .tag("awaits", "first_attempt")
                                .gauge()
                                .value())
                .isEqualTo(1);
    }

    @Test
    void whoWaitsPastThePromiseIsLateAndNotLost() throws Exception {
        tailEvents();
        Story untouched = Story.of(NOON, "app@example.com", "untouched@example.org");
        Story deferred = Story.of(NOON, "app@example.com", "deferred@example.org");
        Story failed = Story.of(NOON, "app@example.com", "failed@example.org");
        Story dead = Story.of(NOON, "app@example.com", "dead@example.org");
        publish(OUTBOUND, deferred.acceptance(), failed.acceptance(), dead.acceptance());
        takeAwayWhatIsQueued();
        publish(OUTBOUND, untouched.acceptance());
        publish(DEFERRED, ((Job) deferred.acceptance()).deferred(List.of(0), 1, 1, false));
        publish(Topics.BOUNCE, notice(failed, Notice.Action.FAILED));
        publish(Topics.DEAD_LETTER, dead.acceptance());
        Instant due = NOON.plus(HOUR);
        publish(
                Topics.EVENTS,
                deferred.deferred("deferred@example.org", 1, NOON, due),
                failed.failed("failed@example.org", 1, NOON));
        awaitAccepted(4);

        clock.advance(LATE_AFTER.minusSeconds(1));
        assertThat(audit().run().late().total()).isZero();
        clock.advance(Duration.ofSeconds(1));
        AuditReport soon = audit().run();
        assertThat(soon.late().ids())
                .containsExactlyInAnyOrder(
                        new Waiting(
                                untouched.id().value(),
                                "untouched@example.org",
                                NOON,
                                "first_attempt"),
                        new Waiting(failed.id().value(), "failed@example.org", NOON, "bounce"));
        clock.advance(HOUR);
        AuditReport later = audit().run();
        assertThat(later.late().firstAttempt()).isEqualTo(1);
        assertThat(later.late().nextAttempt()).isEqualTo(1);
        assertThat(later.late().bounce()).isEqualTo(1);
        assertThat(later.late().ids())
                .contains(
                        new Waiting(
                                deferred.id().value(),
                                "deferred@example.org",
                                due,
                                "next_attempt"));
        assertThat(later.deadLettered()).isEqualTo(1);
        assertThat(later.queued()).isEqualTo(4);
        assertThat(later.unaccounted()).isZero();
        assertThat(later.hours().getFirst().late()).isEqualTo(3);
    }

    @Test
    void aLogThatLagsMakesNobodyLate() throws Exception {
        publish(OUTBOUND, Story.of(NOON, "app@example.com", "ann@example.org").acceptance());
        awaitAccepted(1);
        publish(
                Topics.EVENTS,
                Story.of(NOON, "a@example.com", "x@example.org")
                        .delivered("x@example.org", 1, NOON));
        clock.advance(HOUR);
        AuditReport lagging = audit().run();
        assertThat(lagging.judged()).isFalse();
        assertThat(lagging.queued()).isEqualTo(1);
        assertThat(lagging.late().total()).isZero();
        assertThat(lagging.unaccepted()).isZero();
    }

    @Test
    void anEventThatNeverReachesTheLogLeavesItsRecipientUnaccounted() throws Exception {
        tailEvents();
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        publish(OUTBOUND, story.acceptance());
        takeAwayWhatIsQueued();
        publish(Topics.EVENTS, story.delivered("ann@example.org", 1, NOON));
        await().until(() -> audit().run().delivered() == 1);
        // The log loses what it has read: row, tally and all.
        forgetEventsOf(story);
        awaitAccepted(1);
        clock.advance(GRACE.plusSeconds(1));
        AuditReport report = audit().run();
        assertThat(report.unaccountedIds())
                .containsExactly(new Unaccounted(story.id().value(), "ann@example.org", NOON));
        assertThat(report.unaccepted()).isZero();
    }

    @Test
    void anAcceptanceThatNeverReachesTheLogIsNamed() throws Exception {
        tailEvents();
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        Story other = Story.of(NOON, "app@example.com", "bob@example.org");
        publish(Topics.EVENTS, story.delivered("ann@example.org", 1, NOON));
        publish(OUTBOUND, other.acceptance());
        awaitAccepted(1);
        assertThat(audit().run().unaccepted()).isZero();
        clock.advance(GRACE.plusSeconds(1));
        AuditReport report = audit().run();
        assertThat(report.accepted()).isEqualTo(1);
        assertThat(report.delivered()).isZero();
        assertThat(report.unaccounted()).isZero();
        assertThat(report.unaccepted()).isEqualTo(1);
        assertThat(report.unacceptedIds())
                .containsExactly(new Unaccounted(story.id().value(), "ann@example.org", NOON));
    }

    @Test
    void anEndThatComesTwiceIsADuplicateAndNoSecondMail() throws Exception {
        tailEvents();
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        publish(OUTBOUND, story.acceptance(), story.acceptance());
        takeAwayWhatIsQueued();
        publish(
                Topics.EVENTS,
                story.end("ann@example.org", Event.Kind.BOUNCED, NOON),
                story.delivered("ann@example.org", 1, NOON),
                story.delivered("ann@example.org", 1, NOON));
        awaitAccepted(1);
        AuditReport report = audit().run();
        assertThat(
                        List.of(
                                report.accepted(),
                                report.delivered(),
                                report.bounced(),
                                report.duplicates(),
                                report.unaccounted()))
                .containsExactly(1L, 1L, 0L, 1L, 0L);
    }

    @Test
    void theHourOfAcceptanceIsReadFromTheId() throws Exception {
        assertThat(
                        postgres.rows(
                                "SELECT accepted_hour('"
                                        + Story.of(
                                                        NOON.minusMillis(1),
                                                        "a@b.example",
                                                        "c@d.example")
                                                .id()
                                        + "'), accepted_hour('"
                                        + Story.of(NOON, "a@b.example", "c@d.example").id()
                                        + "')"))
                .containsExactly("11|12");
    }

    private static double hourOf(SimpleMeterRegistry meters, String hour, String state) {
        return meters.get("posthaste.audit.hour")
                .tag("hour", hour)
                .tag("state", state)
                .gauge()
                .value();
    }

    private static void forgetEventsOf(Story story) throws SQLException {
        try (Connection connection = postgres.database().connection();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM event WHERE mail_id = '" + story.id() + "'");
            statement.execute(
                    "UPDATE recipient SET standing = 0, lead_at = promised_at, lead_entry = '',"
                            + " finals = 0 WHERE mail_id = '"
                            + story.id()
                            + "'");
            statement.execute("UPDATE tally SET delivered = 0");
        }
    }
}
