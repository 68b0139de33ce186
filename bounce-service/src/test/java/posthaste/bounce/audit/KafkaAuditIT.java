package posthaste.bounce.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.bounce.deliverylog.DeliveryLog;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.LogPostgres;
import posthaste.bounce.deliverylog.Story;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Tier;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.QueueConsumer;
import posthaste.queue.QueuedRecord;
import posthaste.queue.Settlement;
import posthaste.queue.TailPlan;
import posthaste.queue.TopicPlan;
import posthaste.queue.kafka.KafkaMailQueue;
import posthaste.queue.kafka.KafkaQueueSettings;

/** The audit on the real broker and a real log. */
class KafkaAuditIT {
    private static final String OUTBOUND = "mail.outbound.transactional";
    private static final String DEFERRED = "mail.deferred.4h";
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final QueueTopics topics =
            QueueTopics.of(
                    List.of(new Stream("transactional"), Stream.DSN),
                    List.of(Tier.of(Duration.ofHours(4))));

    @Test
    void oneRecordTakenFromTheQueueIsMissedAndNoOther(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
                LogPostgres postgres = LogPostgres.start();
                KafkaMailQueue queue =
                        new KafkaMailQueue(
                                KafkaQueueSettings.of(
                                        broker.bootstrapServers(),
                                        "audit",
                                        KafkaQueueSettings.Durability.singleNode()),
                                InstantSource.system(),
                                fatal -> {
                                    throw new AssertionError(fatal);
                                })) {
            prepare(queue);
            DeliveryLog log =
                    new DeliveryLog(
                            postgres.database(),
                            4,
                            InstantSource.system(),
                            new SimpleMeterRegistry());
            tail(queue, log, Topics.ACCEPTANCE_GROUP, topics.outbound());
            tail(queue, log, Topics.LOG_GROUP, List.of(Topics.EVENTS));

            Instant now = Instant.now();
            Story lost = Story.of(now, "app@example.com", "lost@example.org");
            Story delivered = Story.of(now, "app@example.com", "ok@example.org");
            Story deferred = Story.of(now, "app@example.com", "later@example.org");
            Story kept = Story.of(now, "app@example.com", "a@example.org", "b@example.net");
            publish(queue, OUTBOUND, lost.acceptance(), delivered.acceptance());
            publish(queue, OUTBOUND, deferred.acceptance());
            settleWhatIsQueued(queue);
            publish(queue, OUTBOUND, kept.acceptance());
            publish(
                    queue,
                    DEFERRED,
                    ((Job) deferred.acceptance()).deferred(List.of(0), 1, 1, false));
            publish(
                    queue,
                    Topics.EVENTS,
                    delivered.delivered("ok@example.org", 1, now),
                    deferred.deferred("later@example.org", 1, now, now.plusSeconds(14_400)));

            Audit audit =
                    new Audit(
                            new LogAccounts(postgres.database()),
                            queue.scanner(),
                            topics,
                            InstantSource.system(),
                            new AuditProperties(
                                    Duration.ofSeconds(30),
                                    GRACE,
                                    Duration.ofMinutes(15),
                                    Duration.ofSeconds(5),
                                    1_000_000,
                                    100));
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> audit.run().unaccounted() > 0);
            AuditReport report = audit.run();
            assertThat(report.accepted()).isEqualTo(5);
            assertThat(report.delivered()).isEqualTo(1);
            assertThat(report.queued()).isEqualTo(3);
            assertThat(report.unaccounted()).isEqualTo(1);
            assertThat(report.settling()).isZero();
            assertThat(report.behind()).isZero();
            assertThat(report.unaccountedIds())
                    .extracting(AuditReport.Unaccounted::id)
                    .containsExactly(lost.id().value());
        }
    }

    private void prepare(KafkaMailQueue queue) throws Exception {
        List<TopicPlan> plans = new ArrayList<>();
        for (String name : topics.logged()) {
            plans.add(new TopicPlan(name, 2, retention(name), false));
        }
        for (String name : topics.deferred().keySet()) {
            plans.add(new TopicPlan(name, 2, Optional.empty(), true));
        }
        plans.add(new TopicPlan(Topics.BOUNCE, 2, Optional.empty(), false));
        plans.add(new TopicPlan(Topics.DEAD_LETTER, 2, Optional.empty(), false));
        plans.add(new TopicPlan(Topics.QUARANTINE, 2, Optional.empty(), false));
        plans.add(new TopicPlan(Topics.QUARANTINE_ORDERS, 2, Optional.empty(), false));
        queue.prepare(plans);
    }

    private static Optional<Duration> retention(String topic) {
        return topic.equals(Topics.EVENTS) ? Optional.of(Duration.ofDays(7)) : Optional.empty();
    }

    private static void tail(
            KafkaMailQueue queue, DeliveryLog log, String group, List<String> names) {
        queue.tail(new TailPlan(group, group, names, 500, Duration.ofMillis(10)), log).start();
    }

    private static void publish(KafkaMailQueue queue, String topic, MailRecord... records)
            throws Exception {
        List<OutgoingRecord> outgoing = new ArrayList<>();
        for (MailRecord record : records) {
            outgoing.add(new OutgoingRecord(topic, record.mailId().value(), record));
        }
        queue.publisher().publish(outgoing, Duration.ofSeconds(20));
    }

    private static void settleWhatIsQueued(KafkaMailQueue queue) {
        ConsumerPlan plan =
                new ConsumerPlan(
                        "thief",
                        Topics.DELIVERY_GROUP,
                        Map.of(OUTBOUND, Duration.ZERO),
                        10,
                        Duration.ofMillis(10),
                        Duration.ofSeconds(1));
        try (QueueConsumer thief = queue.consumer(plan, _ -> Settlement.nothing())) {
            thief.start();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        List<QueuedRecord> left = new ArrayList<>();
                        queue.scanner().scan(Topics.DELIVERY_GROUP, List.of(OUTBOUND), left::add);
                        return left.isEmpty();
                    });
        }
    }
}
