package posthaste.queue.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.queue.PartitionMark;
import posthaste.queue.PartitionMark.Standing;
import posthaste.queue.QueueMarks;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.TestRecords;
import posthaste.queue.TopicPlan;

/** What only a real broker does to the marks. */
class KafkaMarksIT {
    private static final String GROUP = "marks";

    @TempDir private static Path folder;
    private static EmbeddedBroker broker;
    private static KafkaMailQueue queue;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
        queue =
                new KafkaMailQueue(
                        KafkaQueueSettings.of(
                                broker.bootstrapServers(),
                                "marks",
                                KafkaQueueSettings.Durability.singleNode()),
                        InstantSource.system(),
                        RawTopics::failOnFatal);
    }

    @AfterAll
    static void stop() {
        queue.close();
        broker.close();
    }

    @Test
    void aMarkBeyondTheEndIsUnknownSinceTheTopicMayBeAnotherOne() throws Exception {
        prepare("mail.marks.anew");
        publish("mail.marks.anew", 5);
        commit("mail.marks.anew", 17);

        assertThat(marks("mail.marks.anew"))
                .singleElement()
                .satisfies(mark ->
                        assertThat(mark.standing())
                                .isInstanceOfSatisfying(
                                        Standing.Unknown.class,
                                        unknown -> assertThat(unknown.why()).contains("17")));
    }

    @Test
    void aMarkBelowTheStartCountsAsTheStart() throws Exception {
        prepare("mail.marks.trimmed");
        publish("mail.marks.trimmed", 5);
        commit("mail.marks.trimmed", 1);
        queue.marks().trim(List.of(new QueueMarks.Trim("mail.marks.trimmed", 0, 3)));

        assertThat(marks("mail.marks.trimmed"))
                .singleElement()
                .satisfies(mark -> assertThat(known(mark).mark()).isEqualTo(3));
        queue.marks().trim(List.of(new QueueMarks.Trim("mail.marks.trimmed", 0, 3)));
    }

    @Test
    void partitionsThatSomebodyAddsAreSeenAtOnce() throws Exception {
        prepare("mail.marks.added");
        try (Admin admin = Admin.create(broker())) {
            admin.createPartitions(Map.of("mail.marks.added", NewPartitions.increaseTo(4)))
                    .all()
                    .get();
        }
        assertThat(marks("mail.marks.added")).hasSize(4);
    }

    @Test
    void aConsumerThatIsNotThereHoldsNothing() throws Exception {
        prepare("mail.marks.held");

        assertThat(queue.marks().holds("a", "nobody", "mail.marks.held", 0)).isFalse();
    }

    @Test
    void aTrimBeyondTheEndIsRefusedAndTheOthersAreDone() throws Exception {
        prepare("mail.marks.far");
        prepare("mail.marks.near");
        publish("mail.marks.far", 2);
        publish("mail.marks.near", 2);
        List<QueueMarks.Trim> trims =
                List.of(
                        new QueueMarks.Trim("mail.marks.far", 0, 99),
                        new QueueMarks.Trim("mail.marks.near", 0, 2));

        assertThatThrownBy(() -> queue.marks().trim(trims))
                .isInstanceOf(QueueUnavailableException.class);

        assertThat(known(marks("mail.marks.far").getFirst()).start()).isZero();
        Standing.Known near = known(marks("mail.marks.near").getFirst());
        assertThat(near.start()).isEqualTo(2);
        assertThat(near.oldest()).isEmpty();
    }

    @Test
    void largeBatchesDoNotHideTheirFirstRecord() throws Exception {
        prepare("mail.marks.large");
        queue.publisher()
                .publish(
                        List.of(
                                TestRecords.record("mail.marks.large", "k", "x".repeat(900_000)),
                                TestRecords.record("mail.marks.large", "k", "y")),
                        Duration.ofSeconds(20));

        assertThat(known(marks("mail.marks.large").getFirst()).oldest())
                .hasValueSatisfying(
                        at -> assertThat(at).isAfter(Instant.now().minus(Duration.ofMinutes(10))));
    }

    private static List<PartitionMark> marks(String topic) throws Exception {
        return queue.marks().marks(GROUP, List.of(topic));
    }

    private static Standing.Known known(PartitionMark mark) {
        return (Standing.Known) mark.standing();
    }

    private static void prepare(String topic) throws Exception {
        queue.prepare(List.of(new TopicPlan(topic, 1, Optional.empty(), true)));
    }

    private static void publish(String topic, int count) throws Exception {
        queue.publisher()
                .publish(TestRecords.numbered(topic, "key", count), Duration.ofSeconds(20));
    }

    private static void commit(String topic, long offset) throws Exception {
        try (Admin admin = Admin.create(broker())) {
            admin.alterConsumerGroupOffsets(
                            GROUP,
                            Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)))
                    .all()
                    .get();
        }
    }

    private static Map<String, Object> broker() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }
}
