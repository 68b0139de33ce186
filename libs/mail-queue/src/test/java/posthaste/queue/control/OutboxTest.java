package posthaste.queue.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import posthaste.testing.SettableClock;

class OutboxTest {
    private final SettableClock clock = SettableClock.at("2026-11-22T10:00:00Z");
    private final AtomicInteger dropped = new AtomicInteger();
    private final Outbox outbox = new Outbox(3, clock, dropped::incrementAndGet);

    @Test
    void theNewestOfAKeyTakesThePlaceOfTheOlder() throws Exception {
        outbox.put(fact("a", 1));
        outbox.put(fact("b", 2));
        outbox.put(fact("a", 3));
        assertThat(outbox.take(10, Duration.ZERO)).containsExactly(fact("a", 3), fact("b", 2));
        assertThat(dropped).hasValue(0);
    }

    @Test
    void whatIsTooManyGoesOldestFirst() throws Exception {
        for (String key : List.of("a", "b", "c", "d", "e")) {
            outbox.put(fact(key, 0));
        }
        assertThat(dropped).hasValue(2);
        assertThat(outbox.take(10, Duration.ZERO))
                .extracting(Fact::key)
                .containsExactly("c", "d", "e");
    }

    @Test
    void whatIsPutBackComesFirstButNeverOverSomethingNewer() throws Exception {
        outbox.put(fact("a", 1));
        outbox.put(fact("b", 1));
        List<Fact> taken = outbox.take(10, Duration.ZERO);
        outbox.put(fact("b", 2));
        outbox.putBack(taken);
        assertThat(outbox.take(10, Duration.ZERO)).containsExactly(fact("a", 1), fact("b", 2));
    }

    @Test
    void whatExpiredMeanwhileIsDropped() throws Exception {
        outbox.put(fact("a", 1));
        clock.advance(Duration.ofHours(2));
        outbox.put(new Fact("k", "b", new byte[0], clock.instant().plusSeconds(1)));
        assertThat(outbox.take(10, Duration.ZERO)).extracting(Fact::key).containsExactly("b");
        assertThat(dropped).hasValue(1);
    }

    @Test
    void anyFactIsReadAsItWasWrittenAndNoBytesBreakTheReader() {
        Fact fact = fact("ü:x", 7);
        assertThat(FactCodec.decode(FactCodec.key(fact), FactCodec.value(fact))).contains(fact);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) {
            byte[] key = FactCodec.key(fact);
            byte[] value = FactCodec.value(fact);
            key[random.nextInt(key.length)] = (byte) random.nextInt();
            value[random.nextInt(value.length)] = (byte) random.nextInt();
            byte[] cut = new byte[random.nextInt(20)];
            random.nextBytes(cut);
            FactCodec.decode(key, value);
            FactCodec.decode(cut, value);
            FactCodec.decode(key, cut);
        }
    }

    private static Fact fact(String key, int content) {
        return new Fact(
                "k", key, new byte[] {(byte) content}, Instant.parse("2026-11-22T11:00:00Z"));
    }
}
