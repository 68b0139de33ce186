package posthaste.bounce.audit;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import posthaste.bounce.deliverylog.DeliveryLog;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.LogPostgres;
import posthaste.bounce.deliverylog.Story;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Notice;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Tier;
import posthaste.mail.record.Topics;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.QueueConsumer;
import posthaste.queue.QueuedRecord;
import posthaste.queue.Settlement;
import posthaste.queue.TailPlan;
import posthaste.queue.memory.MemoryMailQueue;
import posthaste.testing.SettableClock;

/** A real log, and a queue in memory whose every move a test decides. */
public abstract class AuditLab {
    protected static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    protected static final Duration GRACE = Duration.ofSeconds(60);
    protected static final Duration LATE_AFTER = Duration.ofMinutes(15);
    protected static final String OUTBOUND = "mail.outbound.transactional";
    protected static final String DEFERRED = "mail.deferred.1m";
    protected static final BodyRef BODY = new BodyRef("primary/1/a", 0, 1234, 0);
    protected static LogPostgres postgres;

    /** What reads of accepted mails into the log. */
    protected QueueConsumer acceptances;

    protected final SettableClock clock = SettableClock.at(NOON);
    protected final MemoryMailQueue queue = new MemoryMailQueue(clock);
    protected final QueueTopics topics =
            QueueTopics.of(
                    List.of(new Stream("transactional"), Stream.DSN),
                    List.of(Tier.of(Duration.ofMinutes(1))));
    protected final DeliveryLog log =
            new DeliveryLog(postgres.database(), 4, clock, new SimpleMeterRegistry());

    @BeforeAll
    protected static void startPostgres() throws Exception {
        postgres = LogPostgres.start();
    }

    @AfterAll
    protected static void stopPostgres() throws Exception {
        postgres.close();
    }

    @BeforeEach
    protected void startTails() throws Exception {
        postgres.empty();
        acceptances = tail(Topics.ACCEPTANCE_GROUP, topics.outbound());
    }

    @AfterEach
    protected void stop() {
        queue.close();
    }

    protected Audit audit() {
        return audit(1_000_000);
    }

    protected Audit audit(int recipientsInMemory) {
        return new Audit(
                new LogAccounts(postgres.database()),
                queue.scanner(),
                topics,
                clock,
                properties(recipientsInMemory));
    }

    protected static AuditProperties properties(int recipientsInMemory) {
        return new AuditProperties(
                Duration.ofSeconds(30),
                GRACE,
                LATE_AFTER,
                Duration.ofMillis(300),
                recipientsInMemory,
                100);
    }

    protected void publish(String topic, MailRecord... records) throws Exception {
        List<OutgoingRecord> outgoing = new ArrayList<>();
        for (MailRecord record : records) {
            outgoing.add(new OutgoingRecord(topic, record.mailId().value(), record));
        }
        queue.publisher().publish(outgoing, Duration.ofSeconds(5));
    }

    /** Settles what stands on the outbound topic without a trace. */
    protected void takeAwayWhatIsQueued() {
        ConsumerPlan plan =
                new ConsumerPlan(
                        "thief",
                        Topics.DELIVERY_GROUP,
                        Map.of(OUTBOUND, Duration.ZERO),
                        10,
                        Duration.ofMillis(1),
                        Duration.ofSeconds(1));
        try (QueueConsumer thief = queue.consumer(plan, _ -> Settlement.nothing())) {
            thief.start();
            await().until(() -> {
                List<QueuedRecord> left = new ArrayList<>();
                queue.scanner().scan(Topics.DELIVERY_GROUP, List.of(OUTBOUND), left::add);
                return left.isEmpty();
            });
        }
    }

    protected void tailEvents() {
        tail(Topics.LOG_GROUP, List.of(Topics.EVENTS));
    }

    protected QueueConsumer tail(String group, List<String> names) {
        QueueConsumer tail = queue.tail(new TailPlan(group, group, names, 500, Duration.ZERO), log);
        tail.start();
        return tail;
    }

    protected void awaitAccepted(int recipients) {
        await().until(() ->
                postgres.rows("SELECT coalesce(sum(accepted), 0) FROM tally")
                        .getFirst()
                        .equals(Integer.toString(recipients)));
    }

    protected static List<Job> jobs(Story story) {
        return List.of(
                Job.first(
                        story.envelope().to(story.envelope().recipients().subList(0, 1)),
                        BODY,
                        0,
                        true));
    }

    protected static Notice notice(Story story, Notice.Action action) {
        return new Notice(
                story.id() + "/" + action,
                EncodedEnvelope.of(story.envelope()),
                BODY,
                NOON,
                List.of(
                        new Notice.Entry(
                                0,
                                action,
                                EnhancedStatusCode.parse("5.1.1"),
                                Optional.empty(),
                                "",
                                "",
                                Optional.empty())));
    }
}
