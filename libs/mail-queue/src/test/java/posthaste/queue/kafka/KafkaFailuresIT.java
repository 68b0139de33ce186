package posthaste.queue.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.PointOfNoReturn;
import posthaste.queue.QueueConsumer;
import posthaste.queue.QueueSettingsException;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.RecordHandler;
import posthaste.queue.Settlement;
import posthaste.queue.TestRecords;
import posthaste.queue.TopicPlan;

/** What a crash, or a broker that goes and comes back, costs. */
class KafkaFailuresIT {
    private static final String TOPIC = "mail.failures";
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir private static Path folder;
    private static EmbeddedBroker broker;
    private static BrokerSettings brokerSettings = BrokerSettings.forTests();

    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    private final List<KafkaMailQueue> queues = new ArrayList<>();
    private static int test;
    private String group;
    private String topic;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder, brokerSettings);
        brokerSettings = brokerSettings.withPort(broker.port());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void prepare() throws Exception {
        test++;
        group = "failures-" + test;
        topic = TOPIC + "." + test;
        queue().prepare(List.of(plan(topic), plan(topic + ".next"), plan(Topics.DEAD_LETTER)));
    }

    @AfterEach
    void close() {
        queues.forEach(KafkaMailQueue::close);
        assertThat(fatal).isEmpty();
    }

    @Test
    void aCrashRepeatsWhatWasInFlightAndNothingThatWasCommitted() throws Exception {
        KafkaMailQueue queue = queue();
        queue.publisher().publish(spread(0, 300), DEADLINE);
        Set<String> stuck = Set.of("7", "8", "9", "150", "299");
        ConcurrentMap<String, Integer> handled = new ConcurrentHashMap<>();
        LoopThread first =
                (LoopThread)
                        queue.consumer(
                                consumerPlan(),
                                record -> {
                                    String text = TestRecords.text(record.content());
                                    handled.merge(text, 1, Integer::sum);
                                    if (stuck.contains(text)) {
                                        new CountDownLatch(1).await();
                                    }
                                    return Settlement.nothing();
                                });
        first.start();
        await().atMost(LONG).until(() -> unsettled(queue).size() == stuck.size());
        first.abandon();

        long crash = System.nanoTime();
        QueueConsumer second = queue().consumer(consumerPlan(), remember(handled));
        second.start();
        await().atMost(LONG).until(() -> second.statistics().settled() == stuck.size());
        assertThat(Duration.ofNanos(System.nanoTime() - crash)).isLessThan(Duration.ofSeconds(20));
        handled.forEach((text, times) ->
                assertThat(times).as(text).isEqualTo(stuck.contains(text) ? 2 : 1));
        assertThat(handled).hasSize(300);
    }

    @Test
    void aBrokerThatRestartsCostsNothingButTime() throws Exception {
        KafkaMailQueue queue = queue();
        ConcurrentMap<String, Integer> handled = new ConcurrentHashMap<>();
        QueueConsumer consumer =
                queue.consumer(
                        consumerPlan(),
                        record -> {
                            String text = TestRecords.text(record.content());
                            handled.merge(text, 1, Integer::sum);
                            return Settlement.of(
                                    List.of(
                                            TestRecords.record(
                                                    topic + ".next", "example.org", text)));
                        });
        consumer.start();
        queue.publisher().publish(spread(0, 100), DEADLINE);
        await().atMost(LONG).until(() -> consumer.statistics().settled() == 100);

        broker.close();
        // What is handled while the broker is away stays unsettled until it is back.
        broker = EmbeddedBroker.start(folder, brokerSettings);

        queue.publisher().publish(spread(100, 200), DEADLINE);
        await().atMost(LONG).until(() -> handled.size() == 200);
        await().atMost(LONG).until(() -> unsettled(queue).isEmpty());
        assertThat(consumer.isRunning()).isTrue();
        try (RawTopics raw = new RawTopics(broker.bootstrapServers())) {
            assertThat(raw.values(topic + ".next")).hasSizeGreaterThanOrEqualTo(200);
        }
    }

    @Test
    void whatSettlesARecordIsWrittenWhenTheBrokerIsBack() throws Exception {
        KafkaMailQueue queue = queue();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch away = new CountDownLatch(1);
        QueueConsumer consumer =
                queue.consumer(
                        consumerPlan(),
                        record -> {
                            begun.countDown();
                            away.await();
                            return Settlement.of(
                                    List.of(
                                            TestRecords.record(
                                                    topic + ".next", "example.org", "next")));
                        });
        consumer.start();
        queue.publisher().publish(spread(0, 1), DEADLINE);
        begun.await();
        broker.close();
        away.countDown();
        assertThat(consumer.statistics().settled()).isZero();
        broker = EmbeddedBroker.start(folder, brokerSettings);
        try (RawTopics raw = new RawTopics(broker.bootstrapServers())) {
            await().atMost(LONG).until(() -> !raw.values(topic + ".next").isEmpty());
        }
        await().atMost(LONG).until(() -> unsettled(queue).isEmpty());
    }

    @Test
    void publishingMeetsItsDeadlineWithoutABroker() throws Exception {
        KafkaMailQueue known = queue();
        known.publisher().publish(spread(0, 1), DEADLINE);
        KafkaMailQueue stranger = queue();
        broker.close();
        try {
            await().atMost(LONG)
                    .untilAsserted(() -> {
                        assertUnavailableWithin(known, Duration.ofMillis(1200));
                        assertUnavailableWithin(stranger, Duration.ofMillis(1200));
                    });
        } finally {
            broker = EmbeddedBroker.start(folder, brokerSettings);
        }
        known.publisher().publish(spread(1, 2), DEADLINE);
        await().atMost(LONG).until(() -> unsettled(known).size() == 2);
    }

    @Test
    void aHandlerFinishesWithinTheDrainBudget() throws Exception {
        KafkaMailQueue queue = queue();
        CountDownLatch begun = new CountDownLatch(1);
        QueueConsumer consumer =
                queue.consumer(
                        consumerPlan(),
                        _ -> {
                            begun.countDown();
                            Thread.sleep(300);
                            return Settlement.nothing();
                        });
        consumer.start();
        queue.publisher().publish(spread(0, 1), DEADLINE);
        begun.await();
        consumer.close();
        assertThat(unsettled(queue)).isEmpty();
    }

    @Test
    void whatABrokenOffHandlerSettlesStillCounts() throws Exception {
        KafkaMailQueue queue = queue();
        CountDownLatch begun = new CountDownLatch(1);
        QueueConsumer consumer =
                queue.consumer(
                        consumerPlan(),
                        _ -> {
                            begun.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                // As an attempt after its final dot: ambiguous, but settled.
                                Thread.currentThread().interrupt();
                            }
                            return Settlement.of(
                                    List.of(
                                            TestRecords.record(
                                                    topic + ".next", "example.org", "ambiguous")));
                        });
        consumer.start();
        queue.publisher().publish(spread(0, 1), DEADLINE);
        begun.await();
        consumer.close();
        assertThat(unsettled(queue)).isEmpty();
        try (RawTopics raw = new RawTopics(broker.bootstrapServers())) {
            assertThat(raw.values(topic + ".next")).hasSize(1);
        }
    }

    @Test
    void aPartitionThatGoesTakesWhatHasNotPassedThePointOfNoReturnAlong() throws Exception {
        KafkaMailQueue queue = queue();
        queue.publisher().publish(spread(0, 40), DEADLINE);
        Set<String> begun = ConcurrentHashMap.newKeySet();
        Set<String> brokenOff = ConcurrentHashMap.newKeySet();
        CountDownLatch end = new CountDownLatch(1);
        QueueConsumer first =
                queue.consumer(
                        consumerPlan(Duration.ofSeconds(30)),
                        record -> {
                            String text = TestRecords.text(record.content());
                            if (Integer.parseInt(text) % 2 == 0) {
                                PointOfNoReturn.pass();
                            }
                            begun.add(text);
                            try {
                                end.await();
                            } catch (InterruptedException e) {
                                brokenOff.add(text);
                                throw e;
                            }
                            return Settlement.nothing();
                        });
        first.start();
        await().atMost(LONG).until(() -> begun.size() == 40);

        ConcurrentMap<String, Integer> elsewhere = new ConcurrentHashMap<>();
        QueueConsumer second = queue().consumer(consumerPlan(), remember(elsewhere));
        second.start();
        await().atMost(LONG).until(() -> !brokenOff.isEmpty());
        assertThat(second.statistics().settled())
                .as("the rest of that partition is waited for")
                .isZero();
        end.countDown();
        await().atMost(LONG).until(() -> unsettled(queue).isEmpty());
        assertThat(brokenOff).allMatch(text -> Integer.parseInt(text) % 2 == 1);
        assertThat(elsewhere.keySet()).isEqualTo(brokenOff);
    }

    @Test
    void aStopLetsEveryHandlerFinishWithinTheBudget() throws Exception {
        KafkaMailQueue queue = queue();
        queue.publisher().publish(spread(0, 10), DEADLINE);
        CountDownLatch begun = new CountDownLatch(10);
        QueueConsumer consumer =
                queue.consumer(
                        consumerPlan(Duration.ofSeconds(30)),
                        _ -> {
                            begun.countDown();
                            Thread.sleep(500);
                            PointOfNoReturn.pass();
                            return Settlement.nothing();
                        });
        consumer.start();
        begun.await();
        consumer.close();
        assertThat(unsettled(queue)).isEmpty();
    }

    @Test
    void topicsThatPromiseLessAreRefusedWithASentenceEach() throws Exception {
        String weak = topic + ".weak";
        try (Admin admin = admin()) {
            NewTopic newTopic =
                    new NewTopic(weak, 1, (short) 1)
                            .configs(
                                    Map.of(
                                            "retention.ms", "604800000",
                                            "cleanup.policy", "compact",
                                            "flush.messages", "1000"));
            admin.createTopics(List.of(newTopic)).all().get();
        }
        KafkaMailQueue queue = queue();
        assertThatThrownBy(() -> queue.prepare(List.of(plan(weak))))
                .isInstanceOf(QueueSettingsException.class)
                .hasMessageContaining("topic " + weak + " has retention.ms=604800000, wanted is -1")
                .hasMessageContaining("cleanup.policy=compact, wanted is delete")
                .hasMessageContaining("flush.messages=1000, wanted is 1");
    }

    @Test
    void aBrokerThatForgetsOffsetsOrDoesNotFlushThemIsRefused(@TempDir Path weakFolder) {
        BrokerSettings weak =
                BrokerSettings.forTests()
                        .withFlushEveryRecord(false)
                        .withProperties(Map.of("offsets.retention.minutes", "10080"));
        try (EmbeddedBroker weakBroker = EmbeddedBroker.start(weakFolder, weak);
                KafkaMailQueue queue =
                        new KafkaMailQueue(
                                KafkaQueueSettings.of(
                                        weakBroker.bootstrapServers(),
                                        "weak",
                                        KafkaQueueSettings.Durability.singleNode()),
                                InstantSource.system(),
                                fatal::add)) {
            assertThatThrownBy(() -> queue.prepare(List.of(plan("mail.weak"))))
                    .isInstanceOf(QueueSettingsException.class)
                    .hasMessageContaining(
                            "broker 1 has offsets.retention.minutes=10080, wanted is 2147483647")
                    .hasMessageContaining("broker 1 has log.flush.interval.messages=");
        }
    }

    @Test
    void groupsOfAStrangersBrokerNoticeACrashInTimeToo(@TempDir Path strange) throws Exception {
        BrokerSettings foreign =
                BrokerSettings.forTests()
                        .withProperties(
                                Map.of(
                                        "group.consumer.session.timeout.ms", "45000",
                                        "group.consumer.min.session.timeout.ms", "1000",
                                        "group.consumer.heartbeat.interval.ms", "5000"));
        try (EmbeddedBroker strangers = EmbeddedBroker.start(strange, foreign);
                KafkaMailQueue queue =
                        new KafkaMailQueue(
                                KafkaQueueSettings.of(
                                        strangers.bootstrapServers(),
                                        "guest",
                                        KafkaQueueSettings.Durability.singleNode()),
                                InstantSource.system(),
                                fatal::add);
                Admin admin =
                        Admin.create(Map.of("bootstrap.servers", strangers.bootstrapServers()))) {
            queue.prepare(List.of(plan("mail.strange")));
            for (String each : Topics.GROUPS) {
                ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, each);
                await().atMost(LONG)
                        .untilAsserted(() -> {
                            Config config =
                                    admin.describeConfigs(List.of(resource))
                                            .all()
                                            .get()
                                            .get(resource);
                            assertThat(config.get("consumer.session.timeout.ms").value())
                                    .isEqualTo("6000");
                            assertThat(config.get("consumer.heartbeat.interval.ms").value())
                                    .isEqualTo("1000");
                        });
            }
        }
    }

    @Test
    void moreReplicasThanBrokersAreRefusedWithASentence() {
        KafkaMailQueue queue = queue(KafkaQueueSettings.Durability.cluster());
        assertThatThrownBy(() -> queue.prepare(List.of(plan(topic + ".replicated"))))
                .isInstanceOf(QueueSettingsException.class)
                .hasMessageContaining("replication is 3");
        assertThatThrownBy(() -> queue.prepare(List.of(plan(topic))))
                .isInstanceOf(QueueSettingsException.class)
                .hasMessageContaining("has 1 replicas of a partition, wanted are at least 3");
    }

    @Test
    void aTopicGetsThePartitionsThatItLacks() throws Exception {
        KafkaMailQueue queue = queue();
        queue.prepare(List.of(new TopicPlan(topic, 6, Optional.empty(), false)));
        assertThat(queue.scanner().ends(topic)).hasSize(6);
        queue.prepare(List.of(new TopicPlan(topic, 2, Optional.empty(), false)));
        assertThat(queue.scanner().ends(topic)).hasSize(6);
    }

    @Test
    void anOffsetBeyondTheLogIsReadFromTheBeginningAndCounted() throws Exception {
        KafkaMailQueue queue = queue();
        queue.publisher().publish(spread(0, 100), DEADLINE);
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetAndMetadata> beyond =
                    IntStream.range(0, 3)
                            .boxed()
                            .collect(
                                    Collectors.toMap(
                                            partition -> new TopicPartition(topic, partition),
                                            _ -> new OffsetAndMetadata(10_000)));
            admin.alterConsumerGroupOffsets(group, beyond).all().get();
        }
        ConcurrentMap<String, Integer> handled = new ConcurrentHashMap<>();
        QueueConsumer consumer = queue.consumer(consumerPlan(), remember(handled));
        consumer.start();
        await().atMost(LONG).until(() -> consumer.statistics().settled() == 100);
        assertThat(handled).hasSize(100);
        assertThat(consumer.statistics().positionsLost()).isEqualTo(3);
        await().atMost(LONG).until(() -> unsettled(queue).isEmpty());
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private void assertUnavailableWithin(KafkaMailQueue queue, Duration limit) {
        long begin = System.nanoTime();
        assertThatThrownBy(
                        () -> queue.publisher().publish(spread(9000, 9001), Duration.ofSeconds(1)))
                .isInstanceOf(QueueUnavailableException.class)
                .hasMessageContaining("away");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(limit);
    }

    private List<String> unsettled(KafkaMailQueue queue) throws Exception {
        List<String> texts = new ArrayList<>();
        queue.scanner().scan(group, List.of(topic), r -> texts.add(TestRecords.text(r.content())));
        return texts;
    }

    private List<OutgoingRecord> spread(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> TestRecords.record(topic, "key" + i, Integer.toString(i)))
                .toList();
    }

    private static RecordHandler remember(ConcurrentMap<String, Integer> handled) {
        return record -> {
            handled.merge(TestRecords.text(record.content()), 1, Integer::sum);
            return Settlement.nothing();
        };
    }

    private ConsumerPlan consumerPlan() {
        return consumerPlan(Duration.ofSeconds(1));
    }

    private ConsumerPlan consumerPlan(Duration drain) {
        return new ConsumerPlan(
                group, group, Map.of(topic, Duration.ZERO), 1000, Duration.ofMillis(10), drain);
    }

    private static TopicPlan plan(String name) {
        return new TopicPlan(name, 3, Optional.empty(), false);
    }

    private KafkaMailQueue queue() {
        return queue(KafkaQueueSettings.Durability.singleNode());
    }

    private KafkaMailQueue queue(KafkaQueueSettings.Durability durability) {
        KafkaMailQueue queue =
                new KafkaMailQueue(
                        KafkaQueueSettings.of(broker.bootstrapServers(), "failures", durability),
                        InstantSource.system(),
                        fatal::add);
        queues.add(queue);
        return queue;
    }
}
