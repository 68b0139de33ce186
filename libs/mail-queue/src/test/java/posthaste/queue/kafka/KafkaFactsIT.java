package posthaste.queue.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.queue.MailQueue;
import posthaste.queue.QueueSettingsException;
import posthaste.queue.SharedFactsContract;
import posthaste.queue.TopicPlan;
import posthaste.queue.control.SharedFacts;

/** The contract on the real broker, and what becomes of facts while it is away. */
class KafkaFactsIT extends SharedFactsContract {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir private static Path folder;
    private static EmbeddedBroker broker;
    private static KafkaMailQueue queue;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
        queue = queue(broker);
    }

    @AfterAll
    static void stop() {
        queue.close();
        broker.close();
    }

    @Override
    protected MailQueue queue() {
        return queue;
    }

    @Test
    void whatIsToldWhileTheBrokerIsAwayIsToldLaterAndTellingNeverWaits(@TempDir Path own)
            throws Exception {
        String topic = "facts.outage";
        List<String> heard = new CopyOnWriteArrayList<>();
        EmbeddedBroker first = EmbeddedBroker.start(own, BrokerSettings.forTests());
        int port = first.port();
        try (KafkaMailQueue mine = queue(first)) {
            mine.prepare(List.of(TopicPlan.ofFacts(topic, Optional.empty())));
            SharedFacts facts = mine.facts(topic);
            facts.listen("k", fact -> heard.add(text(fact)));
            facts.start();
            facts.tell(fact("k", "a", "before"));
            await().atMost(LONG).until(() -> heard.contains("a=before"));
            first.close();

            long begun = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                facts.tell(fact("k", "a", Integer.toString(i)));
                facts.tell(fact("k", "b" + i, "x"));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG.dividedBy(6));

            try (EmbeddedBroker again =
                    EmbeddedBroker.start(own, BrokerSettings.forTests().withPort(port))) {
                await().atMost(LONG)
                        .until(() -> heard.contains("a=999") && heard.contains("b999=x"));
                assertThat(again.port()).isEqualTo(port);
                assertThat(facts.statistics().dropped()).isZero();
                facts.close();
            }
        }
    }

    @Test
    void aRecordThatIsNoFactIsCountedAndPassedOver() throws Exception {
        String topic = "facts.strange";
        queue.prepare(List.of(TopicPlan.ofFacts(topic, Optional.empty())));
        try (RawTopics raw = new RawTopics(broker.bootstrapServers())) {
            raw.append(topic, "k:a".getBytes(StandardCharsets.UTF_8), new byte[] {9, 9, 9});
            raw.append(topic, "no kind".getBytes(StandardCharsets.UTF_8), new byte[20]);
        }
        List<String> heard = new CopyOnWriteArrayList<>();
        SharedFacts facts = queue.facts(topic);
        facts.listen("k", fact -> heard.add(text(fact)));
        facts.start();
        facts.tell(fact("k", "a", "b"));
        await().atMost(LONG).until(() -> !heard.isEmpty());
        assertThat(facts.statistics().unreadable()).isEqualTo(2);
        facts.close();
    }

    @Test
    void aTopicThatIsNotCompactedIsRefused() throws Exception {
        String topic = "facts.kept";
        queue.prepare(List.of(new TopicPlan(topic, 1, Optional.empty(), false)));
        assertThatThrownBy(() -> queue.prepare(List.of(TopicPlan.ofFacts(topic, Optional.empty()))))
                .isInstanceOf(QueueSettingsException.class)
                .hasMessageContaining(
                        "topic facts.kept has cleanup.policy=delete, wanted is compact");
    }

    private static KafkaMailQueue queue(EmbeddedBroker of) {
        return new KafkaMailQueue(
                KafkaQueueSettings.of(
                        of.bootstrapServers(), "facts", KafkaQueueSettings.Durability.singleNode()),
                InstantSource.system(),
                RawTopics::failOnFatal);
    }
}
