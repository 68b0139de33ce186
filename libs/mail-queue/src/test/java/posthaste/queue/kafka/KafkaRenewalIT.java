package posthaste.queue.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.DeadLetterBodies;
import posthaste.queue.QueueConsumer;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.Settlement;
import posthaste.queue.TestRecords;
import posthaste.queue.TopicPlan;

/** What an attempt led to cannot be written for so long that the bodies it names grow too old. */
@Tag("full")
class KafkaRenewalIT {
    private static final String TOPIC = "mail.renewal";
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir private Path folder;

    private final List<String> renewed = new CopyOnWriteArrayList<>();

    @Test
    void whatWaitedLongForTheBrokerIsWrittenWithFreshBodies() throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch brokerIsAway = new CountDownLatch(1);
        List<String> attempts = new CopyOnWriteArrayList<>();
        BrokerChild broker = BrokerChild.start(folder, 0);
        try (KafkaMailQueue queue = queue(broker)) {
            int port = broker.port();
            queue.prepare(
                    List.of(
                            new TopicPlan(TOPIC, 1, Optional.empty(), false),
                            new TopicPlan(TOPIC + ".next", 1, Optional.empty(), false),
                            new TopicPlan(Topics.DEAD_LETTER, 1, Optional.empty(), false)));
            QueueConsumer consumer =
                    queue.consumer(
                            new ConsumerPlan(
                                    "renewal",
                                    "renewal",
                                    Map.of(TOPIC, Duration.ZERO),
                                    10,
                                    Duration.ofMillis(10),
                                    Duration.ofSeconds(1)),
                            record -> {
                                String text = TestRecords.text(record.content());
                                attempts.add(text);
                                handling.countDown();
                                brokerIsAway.await();
                                return Settlement.of(
                                        List.of(TestRecords.record(TOPIC + ".next", "k", text)));
                            });
            consumer.start();
            queue.publisher()
                    .publish(List.of(TestRecords.record(TOPIC, "k", "a")), Duration.ofSeconds(20));
            handling.await();

            broker.kill();
            brokerIsAway.countDown();
            await().atMost(LONG).until(() -> renewed.contains("a"));
            broker = BrokerChild.start(folder, port);

            await().atMost(LONG)
                    .ignoreException(QueueUnavailableException.class)
                    .untilAsserted(() -> assertThat(results(queue)).contains("renewed a"));
            // The attempt is not made again: who got the mail would get it twice.
            assertThat(attempts).containsExactly("a");
            consumer.close();
        } finally {
            broker.kill();
        }
    }

    private KafkaMailQueue queue(BrokerChild broker) {
        return new KafkaMailQueue(
                new KafkaQueueSettings(
                        broker.bootstrapServers(),
                        Map.of(),
                        "renewal",
                        KafkaQueueSettings.Durability.singleNode(),
                        Duration.ofMillis(2),
                        Duration.ofSeconds(1),
                        1000),
                InstantSource.system(),
                _ -> {},
                new Renewing());
    }

    private static List<String> results(KafkaMailQueue queue) throws Exception {
        List<String> results = new ArrayList<>();
        queue.scanner()
                .scan(
                        "nobody",
                        List.of(TOPIC + ".next"),
                        record -> results.add(TestRecords.text(record.content())));
        return results;
    }

    private final class Renewing implements DeadLetterBodies {
        @Override
        public Kept keep(MailRecord poison) {
            return Kept.nothing();
        }

        @Override
        public Optional<MailRecord> release(MailRecord record) {
            String text = TestRecords.text(record);
            renewed.add(text);
            return Optional.of(TestRecords.event("renewed " + text.replace("renewed ", "")));
        }

        @Override
        public Duration renewal() {
            return Duration.ofSeconds(1);
        }
    }
}
