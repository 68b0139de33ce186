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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.mail.record.Topics;
import posthaste.queue.BatchWriter;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueueConsumer;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.QueuedRecord;
import posthaste.queue.Settlement;
import posthaste.queue.TailPlan;
import posthaste.queue.TestRecords;
import posthaste.queue.TopicPlan;

/**
 * A broker that stops, dies and stays away; loops, tail, publisher and scanner go on by themselves.
 */
@Tag("full")
class KafkaOutageIT {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaOutageIT.class);
    private static final String TOPIC = "mail.outage";
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int BATCH = 20;

    /** Short, so that an outage outlasts it. */
    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(2);

    @TempDir private Path folder;

    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private final Set<String> tailed = ConcurrentHashMap.newKeySet();
    private final List<String> published = new ArrayList<>();
    private KafkaMailQueue queue;
    private QueueConsumer consumer;
    private QueueConsumer tail;

    @Test
    void everythingComesBackByItselfAfterEveryKindOfRestart() throws Exception {
        BrokerChild broker = BrokerChild.start(folder, 0);
        try {
            int port = broker.port();
            queue = queue(broker);
            prepare();
            begin();
            goesOnAfter("the start");

            broker.stop();
            broker = BrokerChild.start(folder, port);
            goesOnAfter("a stop in good order");

            broker.kill();
            broker = BrokerChild.start(folder, port);
            goesOnAfter("kill -9");

            publish();
            broker.kill();
            // Longer than the group's session, and than the producer keeps what it was given.
            Thread.sleep(DELIVERY_TIMEOUT.plusSeconds(4));
            broker = BrokerChild.start(folder, port);
            goesOnAfter("a long outage");

            recreate(broker.bootstrapServers());
            goesOnAfter("a topic that was made anew");
        } finally {
            if (queue != null) {
                queue.close();
            }
            broker.kill();
        }
        assertThat(fatal).isEmpty();
    }

    @Test
    void aStopDuringARestartOfTheBrokerSettlesWhatItFinishes() throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch mayFinish = new CountDownLatch(1);
        List<String> attempts = new CopyOnWriteArrayList<>();
        BrokerChild broker = BrokerChild.start(folder, 0);
        try {
            int port = broker.port();
            queue = queue(broker);
            prepare();
            consumer =
                    queue.consumer(
                            new ConsumerPlan(
                                    "stopped",
                                    "outage",
                                    Map.of(TOPIC, Duration.ZERO),
                                    100,
                                    Duration.ofMillis(10),
                                    LONG),
                            record -> {
                                String text = TestRecords.text(record.content());
                                attempts.add(text);
                                handling.countDown();
                                mayFinish.await();
                                return Settlement.of(
                                        List.of(TestRecords.record(TOPIC + ".next", "key", text)));
                            });
            consumer.start();
            queue.publisher()
                    .publish(
                            List.of(TestRecords.record(TOPIC, "key", "a")), Duration.ofSeconds(20));
            handling.await();
            broker.kill();
            Thread stopping = Thread.startVirtualThread(consumer::close);
            // Some of its commits fail meanwhile.
            Thread.sleep(Duration.ofSeconds(4));
            broker = BrokerChild.start(folder, port);
            mayFinish.countDown();
            stopping.join();

            await().atMost(LONG)
                    .ignoreException(QueueUnavailableException.class)
                    .until(this::isEmpty);
            assertThat(attempts).containsExactly("a");
            assertThat(results()).containsExactly("a");
        } finally {
            mayFinish.countDown();
            if (queue != null) {
                queue.close();
            }
            broker.kill();
        }
    }

    private KafkaMailQueue queue(BrokerChild broker) {
        return new KafkaMailQueue(
                new KafkaQueueSettings(
                        broker.bootstrapServers(),
                        Map.of(),
                        "outage",
                        KafkaQueueSettings.Durability.singleNode(),
                        Duration.ofMillis(2),
                        DELIVERY_TIMEOUT,
                        1000),
                InstantSource.system(),
                fatal::add);
    }

    private void prepare() throws Exception {
        queue.prepare(
                List.of(
                        new TopicPlan(TOPIC, 3, Optional.empty(), false),
                        new TopicPlan(TOPIC + ".next", 1, Optional.empty(), false),
                        new TopicPlan(Topics.DEAD_LETTER, 1, Optional.empty(), false)));
    }

    private void begin() {
        consumer =
                queue.consumer(
                        new ConsumerPlan(
                                "outage",
                                "outage",
                                Map.of(TOPIC, Duration.ZERO),
                                100,
                                Duration.ofMillis(10),
                                Duration.ofSeconds(1)),
                        record -> {
                            String text = TestRecords.text(record.content());
                            handled.add(text);
                            Thread.sleep(5);
                            return Settlement.of(
                                    List.of(TestRecords.record(TOPIC + ".next", "key", text)));
                        });
        consumer.start();
        tail =
                queue.tail(
                        new TailPlan(
                                "outage-tail",
                                "outage-tail",
                                List.of(TOPIC),
                                100,
                                Duration.ofMillis(20)),
                        new Memory());
        tail.start();
    }

    private void goesOnAfter(String what) throws Exception {
        long begun = System.nanoTime();
        publish();
        await().atMost(LONG).until(() -> handled.containsAll(published));
        await().atMost(LONG).until(() -> tailed.containsAll(published));
        await().atMost(LONG).ignoreException(QueueUnavailableException.class).until(this::isEmpty);
        LOG.info("after {} it took {}", what, Duration.ofNanos(System.nanoTime() - begun));
        assertThat(consumer.isRunning()).isTrue();
        assertThat(tail.isRunning()).isTrue();
        assertThat(consumer.statistics().poisoned()).isZero();
        assertThat(consumer.statistics().condemned()).isZero();
        await().atMost(LONG).until(() -> results().containsAll(published));
    }

    private boolean isEmpty() throws Exception {
        List<QueuedRecord> unsettled = new ArrayList<>();
        queue.scanner().scan("outage", List.of(TOPIC), unsettled::add);
        return unsettled.isEmpty();
    }

    private List<String> results() throws Exception {
        List<String> results = new ArrayList<>();
        queue.scanner()
                .scan(
                        "nobody",
                        List.of(TOPIC + ".next"),
                        record -> results.add(TestRecords.text(record.content())));
        return results;
    }

    /** What could not be published, as after a restart of the broker, is tried until it is. */
    private void publish() throws InterruptedException {
        for (int i = 0; i < BATCH; i++) {
            String text = Integer.toString(published.size());
            boolean done = false;
            while (!done) {
                try {
                    queue.publisher()
                            .publish(
                                    List.of(TestRecords.record(TOPIC, "key" + text, text)),
                                    Duration.ofSeconds(5));
                    done = true;
                } catch (QueueUnavailableException | OutcomeUnknownException e) {
                    LOG.info("publishing again: {}", e.getMessage());
                }
            }
            published.add(text);
        }
    }

    private void recreate(String servers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.deleteTopics(List.of(TOPIC)).all().get();
            await().atMost(LONG).until(() -> !admin.listTopics().names().get().contains(TOPIC));
        }
        prepare();
    }

    /** A target that keeps its offsets by compare-and-set. */
    private final class Memory implements BatchWriter {
        private final ConcurrentMap<Integer, Long> next = new ConcurrentHashMap<>();

        @Override
        public long nextOffset(String topic, int partition) {
            return next.getOrDefault(partition, 0L);
        }

        @Override
        public synchronized void write(
                String topic,
                int partition,
                long expected,
                long nextOffset,
                List<QueuedRecord> records)
                throws PartUnavailableException {
            if (next.getOrDefault(partition, 0L) != expected) {
                throw new PartUnavailableException("somebody else has written");
            }
            records.forEach(record -> tailed.add(TestRecords.text(record.content())));
            next.put(partition, nextOffset);
        }
    }
}
