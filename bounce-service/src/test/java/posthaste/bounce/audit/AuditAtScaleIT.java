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
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.bounce.deliverylog.DeliveryLog;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.LogPostgres;
import posthaste.bounce.deliverylog.Story;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Tier;
import posthaste.mail.record.Topics;
import posthaste.queue.TailPlan;
import posthaste.queue.TopicPlan;
import posthaste.queue.kafka.KafkaMailQueue;
import posthaste.queue.kafka.KafkaQueueSettings;

/** What an audit of a long queue costs; the figure is printed, the bound only tells a wreck. */
@Tag("full")
class AuditAtScaleIT {
    private static final int QUEUED = 100_000;
    private static final int BATCH = 2_000;
    private static final String OUTBOUND = "mail.outbound.transactional";

    private final QueueTopics topics =
            QueueTopics.of(
                    List.of(new Stream("transactional"), Stream.DSN),
                    List.of(Tier.of(Duration.ofHours(4))));

    @Test
    void aHundredThousandQueuedAreCountedExactly(@TempDir Path folder) throws Exception {
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
            queue.tail(
                            new TailPlan(
                                    Topics.ACCEPTANCE_GROUP,
                                    Topics.ACCEPTANCE_GROUP,
                                    topics.outbound(),
                                    5_000,
                                    Duration.ofMillis(10)),
                            log)
                    .start();
            // An hour ago, so that each of them is a suspect if it is not seen.
            Instant accepted = Instant.now().minus(Duration.ofHours(1));
            for (int from = 0; from < QUEUED; from += BATCH) {
                List<OutgoingRecord> batch = new ArrayList<>();
                for (int i = from; i < from + BATCH; i++) {
                    Story story = Story.of(accepted, "app@example.com", "r" + i + "@example.org");
                    batch.add(new OutgoingRecord(OUTBOUND, story.id().value(), story.acceptance()));
                }
                queue.publisher().publish(batch, Duration.ofSeconds(60));
            }
            await().atMost(Duration.ofMinutes(5))
                    .until(() ->
                            postgres.rows("SELECT coalesce(sum(accepted), 0) FROM tally")
                                    .getFirst()
                                    .equals(Integer.toString(QUEUED)));
            Audit audit =
                    new Audit(
                            new LogAccounts(postgres.database()),
                            queue.scanner(),
                            topics,
                            InstantSource.system(),
                            new AuditProperties(
                                    Duration.ofSeconds(30),
                                    Duration.ofSeconds(60),
                                    Duration.ofMinutes(15),
                                    Duration.ofSeconds(30),
                                    1_000_000,
                                    100));
            audit.run();
            AuditReport report = audit.run();
            System.out.printf("audit: %,d queued in %,d ms%n", QUEUED, report.tookMillis());
            assertThat(report.judged()).isTrue();
            assertThat(report.queued()).isEqualTo(QUEUED);
            assertThat(report.late().total()).isEqualTo(QUEUED);
            assertThat(report.unaccounted()).isZero();
            assertThat(report.settling()).isZero();
            assertThat(report.tookMillis()).isLessThan(120_000);
        }
    }

    private void prepare(KafkaMailQueue queue) throws Exception {
        List<TopicPlan> plans = new ArrayList<>();
        for (String name : topics.logged()) {
            plans.add(
                    new TopicPlan(
                            name,
                            4,
                            name.equals(Topics.EVENTS)
                                    ? Optional.of(Duration.ofDays(7))
                                    : Optional.empty(),
                            false));
        }
        for (String name : topics.deferred().keySet()) {
            plans.add(new TopicPlan(name, 4, Optional.empty(), true));
        }
        plans.add(new TopicPlan(Topics.BOUNCE, 4, Optional.empty(), false));
        plans.add(new TopicPlan(Topics.DEAD_LETTER, 4, Optional.empty(), false));
        plans.add(new TopicPlan(Topics.QUARANTINE, 4, Optional.empty(), false));
        plans.add(new TopicPlan(Topics.QUARANTINE_ORDERS, 4, Optional.empty(), false));
        queue.prepare(plans);
    }
}
