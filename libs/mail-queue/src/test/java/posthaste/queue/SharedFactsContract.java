package posthaste.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import posthaste.queue.control.Fact;
import posthaste.queue.control.SharedFacts;

/** What all shared facts keep to; each test has a topic of its own. */
public abstract class SharedFactsContract {
    private static final AtomicInteger TEST = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<SharedFacts> processes = new ArrayList<>();
    private String topic;

    protected abstract MailQueue queue();

    @BeforeEach
    void topic() throws Exception {
        topic = "facts.contract." + TEST.incrementAndGet();
        queue().prepare(List.of(TopicPlan.ofFacts(topic, Optional.of(Duration.ofDays(1)))));
    }

    @AfterEach
    void close() {
        processes.forEach(SharedFacts::close);
    }

    @Test
    void everyProcessIsToldTheTellerAmongThem() {
        List<String> here = new CopyOnWriteArrayList<>();
        List<String> there = new CopyOnWriteArrayList<>();
        SharedFacts one = process("colour", here);
        process("colour", there);
        one.tell(fact("colour", "sky", "blue"));
        one.tell(fact("taste", "sky", "none"));
        one.tell(fact("colour", "grass", "green"));
        await().atMost(PATIENCE).until(() -> here.size() == 2 && there.size() == 2);
        assertThat(here).containsExactly("sky=blue", "grass=green").isEqualTo(there);
    }

    @Test
    void whoComesLaterHearsTheNewestOfEachKeyLast() throws Exception {
        List<String> here = new CopyOnWriteArrayList<>();
        SharedFacts one = process("count", here);
        for (int i = 0; i < 10; i++) {
            one.tell(fact("count", "a", Integer.toString(i)));
            one.tell(fact("count", "b", Integer.toString(-i)));
        }
        await().atMost(PATIENCE).until(() -> here.contains("a=9") && here.contains("b=-9"));
        List<String> late = new CopyOnWriteArrayList<>();
        SharedFacts two = process("count", late);
        assertThat(two.awaitWhole(PATIENCE)).isTrue();
        assertThat(late.stream().filter(fact -> fact.startsWith("a")).toList()).endsWith("a=9");
        assertThat(late.stream().filter(fact -> fact.startsWith("b")).toList()).endsWith("b=-9");
        assertThat(two.statistics().isWhole()).isTrue();
    }

    @Test
    void nobodyIsToldWhatHasExpired() {
        List<String> here = new CopyOnWriteArrayList<>();
        SharedFacts one = process("colour", here);
        one.tell(new Fact("colour", "sky", bytes("red"), Instant.now().minusSeconds(1)));
        one.tell(fact("colour", "sky", "blue"));
        await().atMost(PATIENCE).until(() -> !here.isEmpty());
        assertThat(here).containsExactly("sky=blue");
    }

    @Test
    void aListenerThatFailsKeepsNobodyElseFromTheFacts() {
        List<String> here = new CopyOnWriteArrayList<>();
        SharedFacts one = queue().facts(topic);
        processes.add(one);
        one.listen(
                "bad",
                fact -> {
                    throw new IllegalStateException("cannot bear it");
                });
        one.listen("good", fact -> here.add(text(fact)));
        one.start();
        one.tell(fact("bad", "k", "v"));
        one.tell(fact("good", "k", "v"));
        await().atMost(PATIENCE).until(() -> !here.isEmpty());
        assertThat(one.statistics().failed()).isEqualTo(1);
        assertThat(one.statistics().told()).isEqualTo(1);
    }

    @Test
    void aListenerThatComesTooLateIsRefused() {
        SharedFacts one = process("colour", new ArrayList<>());
        assertThatThrownBy(() -> one.listen("taste", _ -> {}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void manyAreTold() {
        List<String> there = new CopyOnWriteArrayList<>();
        SharedFacts one = process("n", new CopyOnWriteArrayList<>());
        process("n", there);
        IntStream.range(0, 2000).forEach(i -> one.tell(fact("n", "k" + i, "v")));
        await().atMost(PATIENCE).until(() -> there.size() == 2000);
        assertThat(one.statistics().dropped()).isZero();
    }

    private SharedFacts process(String kind, List<String> heard) {
        SharedFacts facts = queue().facts(topic);
        processes.add(facts);
        facts.listen(kind, fact -> heard.add(text(fact)));
        facts.start();
        return facts;
    }

    /** A fact that holds for an hour. */
    protected static Fact fact(String kind, String key, String content) {
        return new Fact(kind, key, bytes(content), Instant.now().plusSeconds(3600));
    }

    /** {@code KEY=CONTENT}. */
    protected static String text(Fact fact) {
        return fact.key() + "=" + new String(fact.content(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
