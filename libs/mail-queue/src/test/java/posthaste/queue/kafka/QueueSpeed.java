package posthaste.queue.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.QueueConsumer;
import posthaste.queue.Settlement;
import posthaste.queue.TestRecords;
import posthaste.queue.TopicPlan;

/**
 * Measures records a second from publish to commit, each settled by one event, everything forced to
 * disk: {@code java ... QueueSpeed RECORDS PUBLISHERS PARTITIONS}.
 */
final class QueueSpeed {
    private static final String JOBS = "mail.outbound.speed";
    private static final String EVENTS = "mail.events.speed";

    private QueueSpeed() {}

    public static void main(String[] args) throws Exception {
        int records = Integer.parseInt(args[0]);
        int publishers = Integer.parseInt(args[1]);
        int partitions = Integer.parseInt(args[2]);
        Path folder = Files.createTempDirectory("queue-speed");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.durable());
                KafkaMailQueue queue =
                        new KafkaMailQueue(
                                KafkaQueueSettings.of(
                                        broker.bootstrapServers(),
                                        "speed",
                                        KafkaQueueSettings.Durability.singleNode()),
                                InstantSource.system(),
                                Throwable::printStackTrace)) {
            queue.prepare(
                    List.of(
                            new TopicPlan(JOBS, partitions, Optional.empty(), false),
                            new TopicPlan(EVENTS, partitions, Optional.empty(), false)));
            try (QueueConsumer consumer =
                    queue.consumer(
                            new ConsumerPlan(
                                    "speed",
                                    "speed",
                                    Map.of(JOBS, Duration.ZERO),
                                    1000,
                                    Duration.ofMillis(10),
                                    Duration.ofSeconds(5)),
                            record ->
                                    Settlement.of(
                                            List.of(
                                                    TestRecords.record(
                                                            EVENTS,
                                                            "",
                                                            TestRecords.text(
                                                                    record.content())))))) {
                consumer.start();
                for (int round = 1; round <= 4; round++) {
                    measure(queue, consumer, records, publishers, round);
                }
            }
        }
    }

    private static void measure(
            KafkaMailQueue queue, QueueConsumer consumer, int records, int publishers, int round)
            throws InterruptedException {
        int each = records / publishers;
        long settledBefore = consumer.statistics().settled();
        long commitsBefore = consumer.statistics().commits();
        long cpuBefore = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
        String payload = "x".repeat(600);
        long begin = System.nanoTime();
        CountDownLatch done = new CountDownLatch(publishers);
        for (int p = 0; p < publishers; p++) {
            Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < each; i++) {
                        queue.publisher()
                                .publish(
                                        List.of(TestRecords.record(JOBS, "example.org", payload)),
                                        Duration.ofSeconds(30));
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
        double published = (System.nanoTime() - begin) / 1e9;
        while (consumer.statistics().settled() - settledBefore < (long) each * publishers) {
            Thread.sleep(1);
        }
        double settled = (System.nanoTime() - begin) / 1e9;
        long cpu =
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos()
                        - cpuBefore;
        System.out.printf(
                "round %d: published %.0f/s, settled %.0f/s, %d commits, %.3f ms CPU a record%n",
                round,
                records / published,
                records / settled,
                consumer.statistics().commits() - commitsBefore,
                cpu / 1e6 / records);
    }
}
