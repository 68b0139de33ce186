package posthaste.queue.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.QueueConsumer;
import posthaste.queue.Settlement;
import posthaste.queue.TestRecords;

/**
 * A member of a group in a process of its own, to be killed or frozen, by others or by a record.
 * Says on standard output which records it handles.
 *
 * <p>What a record's text makes it do: {@code kill...} halts the process, {@code hang...} never
 * ends, {@code slow...} ends after five seconds; whatever ends is written to {@code <topic>.next}.
 */
final class MemberProcess {
    private static final Duration SLOW = Duration.ofSeconds(5);
    private static final int KILLED = 137;

    private MemberProcess() {}

    /** Arguments: bootstrap servers, group, topic. */
    public static void main(String[] args) throws InterruptedException {
        KafkaMailQueue queue =
                new KafkaMailQueue(
                        KafkaQueueSettings.of(
                                args[0], "member", KafkaQueueSettings.Durability.singleNode()),
                        InstantSource.system(),
                        fatal -> {
                            System.out.println("fatal " + fatal);
                            Runtime.getRuntime().halt(1);
                        });
        QueueConsumer consumer =
                queue.consumer(
                        new ConsumerPlan(
                                "member",
                                args[1],
                                Map.of(args[2], Duration.ZERO),
                                100,
                                Duration.ofMillis(10),
                                Duration.ofSeconds(1)),
                        record -> {
                            String text = TestRecords.text(record.content());
                            System.out.println("handle " + text);
                            System.out.flush();
                            if (text.startsWith("kill")) {
                                Runtime.getRuntime().halt(KILLED);
                            } else if (text.startsWith("hang")) {
                                Thread.currentThread().join();
                            } else if (text.startsWith("slow")) {
                                Thread.sleep(SLOW);
                            }
                            return Settlement.of(
                                    List.of(TestRecords.record(args[2] + ".next", "key", text)));
                        });
        consumer.start();
        Thread.currentThread().join();
    }
}
