package posthaste.queue.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedCluster;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.QueueConsumer;
import posthaste.queue.Settlement;
import posthaste.queue.TestRecords;
import posthaste.queue.TopicPlan;

/** A cluster of three, of which each node goes once. */
@Tag("full")
class KafkaClusterIT {
    private static final String TOPIC = "mail.cluster";
    private static final int RECORDS_A_ROUND = 200;
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir Path folder;

    @Test
    void publishingAndSettlingGoOnWhileOneNodeIsAway() throws Exception {
        Set<String> handled = ConcurrentHashMap.newKeySet();
        try (EmbeddedCluster cluster =
                        EmbeddedCluster.start(
                                folder, 3, BrokerSettings.forTests().withFlushEveryRecord(false));
                KafkaMailQueue queue =
                        new KafkaMailQueue(
                                KafkaQueueSettings.of(
                                        cluster.bootstrapServers(),
                                        "cluster",
                                        KafkaQueueSettings.Durability.cluster()),
                                InstantSource.system(),
                                RawTopics::failOnFatal)) {
            queue.prepare(List.of(new TopicPlan(TOPIC, 4, Optional.empty(), false)));
            QueueConsumer consumer =
                    queue.consumer(
                            new ConsumerPlan(
                                    "cluster",
                                    "cluster",
                                    Map.of(TOPIC, Duration.ZERO),
                                    100,
                                    Duration.ofMillis(10),
                                    Duration.ofSeconds(1)),
                            record -> {
                                handled.add(TestRecords.text(record.content()));
                                return Settlement.nothing();
                            });
            consumer.start();
            int rounds = 0;
            publish(queue, rounds++);
            for (int node = 1; node <= 3; node++) {
                cluster.stopNode(node);
                publish(queue, rounds++);
                awaitAll(handled, rounds);
                cluster.startNode(node);
                publish(queue, rounds++);
                awaitAll(handled, rounds);
            }
            assertThat(consumer.isRunning()).isTrue();
        }
    }

    private static void awaitAll(Set<String> handled, int rounds) {
        await().atMost(LONG).until(() -> handled.size() == rounds * RECORDS_A_ROUND);
    }

    private static void publish(KafkaMailQueue queue, int round) throws Exception {
        queue.publisher()
                .publish(
                        IntStream.range(0, RECORDS_A_ROUND)
                                .mapToObj(
                                        i -> TestRecords.record(TOPIC, "key" + i, round + "/" + i))
                                .toList(),
                        Duration.ofSeconds(30));
    }
}
