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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.DeadLetter;
import posthaste.queue.QueueConsumer;
import posthaste.queue.Settlement;
import posthaste.queue.TestRecords;
import posthaste.queue.TopicPlan;

/** Members that die, by {@code kill -9} or by a record, or that are frozen: real processes. */
@Tag("full")
class KafkaDeadMemberIT {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaDeadMemberIT.class);
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir private static Path folder;
    private static EmbeddedBroker broker;
    private static int test;

    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private KafkaMailQueue queue;
    private String group;
    private String topic;

    @BeforeAll
    static void start() {
        // The settings of production, where takeover is measured.
        broker = EmbeddedBroker.start(folder, BrokerSettings.durable());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void prepare() throws Exception {
        test++;
        group = "dead-members-" + test;
        topic = "mail.dead-members." + test;
        queue =
                new KafkaMailQueue(
                        KafkaQueueSettings.of(
                                broker.bootstrapServers(),
                                "survivor",
                                KafkaQueueSettings.Durability.singleNode()),
                        InstantSource.system(),
                        fatal::add);
        open.add(queue);
        queue.prepare(
                List.of(
                        new TopicPlan(topic, 2, Optional.empty(), false),
                        new TopicPlan(topic + ".next", 1, Optional.empty(), false),
                        new TopicPlan(Topics.DEAD_LETTER, 1, Optional.empty(), false)));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        assertThat(fatal).isEmpty();
    }

    @Test
    void anotherTakesOverFromAKilledProcessWithinFifteenSeconds() throws Exception {
        ChildMember child = child();
        publish("hang1", "hang2", "3", "4");
        await().atMost(LONG).until(() -> child.handled().size() == 4);
        ConcurrentMap<String, Integer> handled = new ConcurrentHashMap<>();
        QueueConsumer survivor = survivor(handled);
        await().atMost(LONG).until(() -> survivor.statistics().partitions() == 1);
        // One partition is still the child's, with a record in flight, or both records.
        await().atMost(LONG).until(() -> !handled.isEmpty() || child.handled().size() == 4);

        long killed = System.nanoTime();
        child.kill();
        await().atMost(LONG)
                .until(() -> handled.containsKey("hang1") && handled.containsKey("hang2"));
        Duration takeover = Duration.ofNanos(System.nanoTime() - killed);
        LOG.info("takeover from a killed process took {}", takeover);
        assertThat(takeover).isLessThan(Duration.ofSeconds(15));
        assertThat(handled.keySet()).as("settled ones come no more").doesNotContain("3", "4");
    }

    @Test
    void aRecordThatKillsItsProcessIsBuriedAtTheThirdTimeAndNothingElseIs() throws Exception {
        List<String> good = IntStream.range(0, 40).mapToObj(i -> "good" + i).toList();
        List<String> all = new ArrayList<>(good);
        all.add(20, "kill");
        publish(all.toArray(String[]::new));
        int deaths = 0;
        ChildMember child = child();
        while (deadLetters().isEmpty()) {
            if (!child.isAlive()) {
                deaths++;
                assertThat(deaths).isLessThanOrEqualTo(3);
                child = child();
            }
            Thread.sleep(50);
        }
        assertThat(deaths).isEqualTo(3);
        await().atMost(LONG).until(() -> unsettled().isEmpty());
        assertThat(deadLetters())
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.content().map(TestRecords::text)).contains("kill");
                    assertThat(letter.reason()).contains("died twice");
                });
        assertThat(child.isAlive()).isTrue();
        assertThat(resultsOf("good")).containsAll(good);
        assertThat(resultsOf("kill")).isEmpty();
        assertThat(child.handled()).doesNotContain("kill");
    }

    @Test
    void anOperatorWhoKillsUnderLoadBuriesNobody() throws Exception {
        List<String> slow = IntStream.range(0, 60).mapToObj(i -> "slow" + i).toList();
        publish(slow.toArray(String[]::new));
        for (int kills = 0; kills < 2; kills++) {
            ChildMember child = child();
            await().atMost(LONG).until(() -> !child.handled().isEmpty());
            child.kill();
        }
        ConcurrentMap<String, Integer> handled = new ConcurrentHashMap<>();
        QueueConsumer survivor = survivor(handled);
        await().atMost(LONG).until(() -> unsettled().isEmpty());
        assertThat(handled).hasSizeGreaterThanOrEqualTo(1);
        assertThat(survivor.statistics().condemned()).isZero();
        assertThat(survivor.statistics().suspects()).isZero();
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void aFrozenProcessThatGoesOnSettlesNothingThatOthersHave() throws Exception {
        ChildMember child = child();
        publish(IntStream.range(0, 20).mapToObj(i -> "slow" + i).toArray(String[]::new));
        await().atMost(LONG).until(() -> child.handled().size() == 20);
        child.freeze();
        ConcurrentMap<String, Integer> handled = new ConcurrentHashMap<>();
        QueueConsumer survivor = survivor(handled);
        await().atMost(LONG).until(() -> survivor.statistics().settled() == 20);
        child.thaw();
        // Its handlers end at once, the time of their sleep being over long ago.
        publish("after the thaw");
        await().atMost(LONG)
                .until(() -> {
                    publish("more");
                    return child.handled().contains("more") || handled.containsKey("more");
                });
        await().atMost(LONG).until(() -> unsettled().isEmpty());
        assertThat(resultsOf("slow")).as("results of the frozen process").isEmpty();
    }

    private List<String> resultsOf(String prefix) throws Exception {
        List<String> results = new ArrayList<>();
        queue.scanner()
                .scan(
                        "nobody",
                        List.of(topic + ".next"),
                        record -> results.add(TestRecords.text(record.content())));
        results.removeIf(text -> !text.startsWith(prefix));
        return results;
    }

    private ChildMember child() throws Exception {
        ChildMember child = ChildMember.start(broker.bootstrapServers(), group, topic);
        open.add(child);
        return child;
    }

    private QueueConsumer survivor(ConcurrentMap<String, Integer> handled) {
        QueueConsumer survivor =
                queue.consumer(
                        new ConsumerPlan(
                                group,
                                group,
                                Map.of(topic, Duration.ZERO),
                                100,
                                Duration.ofMillis(10),
                                Duration.ofSeconds(1)),
                        record -> {
                            handled.merge(TestRecords.text(record.content()), 1, Integer::sum);
                            return Settlement.nothing();
                        });
        survivor.start();
        return survivor;
    }

    private void publish(String... texts) throws Exception {
        List<OutgoingRecord> records = new ArrayList<>();
        for (String text : texts) {
            records.add(TestRecords.record(topic, "key" + text, text));
        }
        queue.publisher().publish(records, DEADLINE);
    }

    private List<String> unsettled() throws Exception {
        List<String> texts = new ArrayList<>();
        queue.scanner().scan(group, List.of(topic), r -> texts.add(TestRecords.text(r.content())));
        return texts;
    }

    private List<DeadLetter> deadLetters() throws Exception {
        List<DeadLetter> letters = new ArrayList<>();
        queue.deadLetters().list(letters::add);
        letters.removeIf(letter -> !letter.origin().topic().equals(topic));
        return letters;
    }
}
