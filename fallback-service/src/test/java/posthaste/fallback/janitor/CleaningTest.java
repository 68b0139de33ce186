package posthaste.fallback.janitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import posthaste.body.BodyWriter;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.StoreUnavailableException;
import posthaste.body.memory.MemoryBodyStore;
import posthaste.mail.record.Topics;
import posthaste.outbound.settlement.BodyBounds;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.QueueConsumer;
import posthaste.queue.Settlement;
import posthaste.queue.TopicPlan;
import posthaste.queue.memory.MemoryMailQueue;

/** A whole run, on a queue and a store in memory, with a clock that is set. */
class CleaningTest {
    private static final Duration SLOT = Duration.ofMinutes(10);
    private static final Duration GRACE = Duration.ofMinutes(30);
    private static final String TIER = "mail.deferred.1m";
    private static final byte[] RUBBISH = {1, 2, 3};

    private volatile Instant now = Instant.parse("2026-11-22T08:00:00Z");
    private final MemoryMailQueue queue = new MemoryMailQueue(() -> now);
    private final MemoryBodyStore store =
            new MemoryBodyStore(new MemoryBudget(1 << 20), Long.MAX_VALUE, () -> now, SLOT);
    private final Cleaning cleaning =
            new Cleaning(
                    queue.marks(),
                    store,
                    BodyBounds.DEFAULT,
                    GRACE,
                    SLOT,
                    () -> now,
                    this::nanoTime);

    CleaningTest() throws Exception {
        prepare("mail.outbound.bulk", TIER, Topics.BOUNCE, Topics.DEAD_LETTER, Topics.EVENTS);
    }

    @AfterEach
    void close() {
        queue.close();
        store.close();
    }

    @Test
    void whatNobodyNamesGoesAfterSlotBoundAndGrace() throws Exception {
        store(Generation.PRIMARY);
        pass(Duration.ofMinutes(70));
        CleaningReport early = cleaning.run();
        assertThat(early.objects()).isZero();
        assertThat(early.garbageShare()).as("it waits for the grace").isEqualTo(1.0);

        pass(Duration.ofSeconds(1));
        CleaningReport report = cleaning.run();

        assertThat(report.objects()).isOne();
        assertThat(report.bytes()).isEqualTo(10);
        assertThat(report.storedBytes()).isZero();
        assertThat(store.count()).isZero();
    }

    @Test
    void aRecordThatWaitsKeepsTheBodiesOfItsTimeAndOfAllThatCameLater() throws Exception {
        store(Generation.PRIMARY);
        queue.appendRaw(TIER, RUBBISH);
        cleaning.run();
        pass(Duration.ofDays(30));

        CleaningReport report = cleaning.run();

        assertThat(report.objects()).isZero();
        assertThat(store.count()).isOne();
        assertThat(report.heldBy().get(Generation.PRIMARY)).contains(TIER);
        assertThat(report.horizons().get(Generation.PRIMARY))
                .isBefore(Instant.parse("2026-11-22T08:00:00Z"));
    }

    @Test
    void aDeadLetterKeepsItsOwnBodyAndNoOther() throws Exception {
        store(Generation.DEAD_LETTER);
        store(Generation.PRIMARY);
        queue.appendRaw(Topics.DEAD_LETTER, RUBBISH);
        cleaning.run();
        pass(Duration.ofDays(30));

        assertThat(cleaning.run().objects()).isOne();
        assertThat(store.count()).isOne();
    }

    @Test
    void afterARestartTheNewestRecordIsAllThatIsBelievedOfTheTime() throws Exception {
        store(Generation.PRIMARY);
        queue.appendRaw(Topics.DEAD_LETTER, RUBBISH);
        pass(Duration.ofDays(30));
        assertThat(cleaning.run().objects()).as("by our own clock alone").isZero();

        pass(Duration.ofMinutes(71));

        assertThat(cleaning.run().objects()).isOne();
    }

    @Test
    void recordsGoWhenAllReadersAreDone() throws Exception {
        queue.appendRaw("mail.outbound.bulk", RUBBISH);
        settleAll(Topics.DELIVERY_GROUP, "mail.outbound.bulk");
        assertThat(cleaning.run().records()).as("the log has not read it").isZero();

        settleAll(Topics.ACCEPTANCE_GROUP, "mail.outbound.bulk");

        assertThat(cleaning.run().records()).isOne();
        assertThat(queue.values("mail.outbound.bulk")).isEmpty();
        assertThat(cleaning.run().records()).isZero();
    }

    @Test
    void eventsAreLeftToTheirRetention() throws Exception {
        queue.appendRaw(Topics.EVENTS, RUBBISH);
        settleAll(Topics.LOG_GROUP, Topics.EVENTS);

        cleaning.run();

        assertThat(queue.values(Topics.EVENTS)).hasSize(1);
    }

    @Test
    void aTopicOfWhichNobodyKnowsStopsTheBodiesAndSaysSo() throws Exception {
        store(Generation.PRIMARY);
        prepare("mail.hold.example.org");
        pass(Duration.ofDays(30));

        CleaningReport report = cleaning.run();

        assertThat(report.objects()).isZero();
        assertThat(report.untold()).isOne();
        assertThat(report.obstacles()).singleElement().asString().contains("mail.hold.example.org");
    }

    @Test
    void aGenerationOfWhichNobodyKnowsIsLeftAlone() throws Exception {
        store(new Generation("hold/example.org"));
        store(Generation.PRIMARY);
        pass(Duration.ofDays(30));

        CleaningReport report = cleaning.run();

        assertThat(report.objects()).isOne();
        assertThat(report.untold()).isOne();
        assertThat(store.count()).isOne();
    }

    @Test
    void aStoreThatIsAwayCostsNothingAndTheNextRunDoesIt() throws Exception {
        store(Generation.PRIMARY);
        pass(Duration.ofDays(1));
        store.setAvailable(false);
        assertThatThrownBy(cleaning::run).isInstanceOf(StoreUnavailableException.class);

        store.setAvailable(true);

        assertThat(cleaning.run().objects()).isOne();
    }

    private void store(Generation generation) throws Exception {
        try (BodyWriter writer = store.begin(generation, Duration.ZERO)) {
            writer.write(new byte[10], 0, 10);
            writer.commit("a test", new byte[0], Duration.ofSeconds(1));
        }
    }

    private void prepare(String... topics) throws Exception {
        for (String topic : topics) {
            queue.prepare(List.of(new TopicPlan(topic, 1, Optional.empty(), true)));
        }
    }

    /** The records cannot be read, so each consumer makes dead letters of them. */
    private void settleAll(String group, String topic) {
        try (QueueConsumer consumer =
                queue.consumer(
                        new ConsumerPlan(
                                group,
                                group,
                                Map.of(topic, Duration.ZERO),
                                10,
                                Duration.ofMillis(1),
                                Duration.ofSeconds(1)),
                        _ -> Settlement.nothing())) {
            consumer.start();
            await().until(() -> consumer.statistics().settled() == 1);
        }
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private long nanoTime() {
        return Duration.between(Instant.parse("2026-11-01T00:00:00Z"), now).toNanos();
    }
}
