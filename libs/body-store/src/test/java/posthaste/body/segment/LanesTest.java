package posthaste.body.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final long MILLI = 1_000_000;
    private final Lanes<String> lanes = new Lanes<>(3, 1000, Duration.ofMillis(100));

    @Test
    void theFirstIsWrittenAtOnce() {
        assertThat(lanes.offer("a", 10, 0)).isEqualTo(batch(0, "a"));
    }

    @Test
    void whileOneFlushIsUnderWayTheNextBatchGathers() {
        lanes.offer("a", 10, 0);
        assertThat(lanes.offer("b", 10, 1)).isNull();
        assertThat(lanes.offer("c", 10, 2)).isNull();
        assertThat(lanes.settled(0, 3)).isEqualTo(batch(0, "b", "c"));
        assertThat(lanes.settled(0, 4)).isNull();
        assertThat(lanes.isIdle()).isTrue();
    }

    @Test
    void aBatchThatWaitsForOthersTakesWhatCameUpToItsSize() {
        Lanes.Batch<String> batch = lanes.offer("a", 10, 0);
        lanes.offer("b", 600, 1);
        lanes.offer("c", 390, 2);
        lanes.offer("d", 5, 3);
        Lanes.Batch<String> more =
                lanes.topUp(batch, entry -> entry.equals("a") ? 10 : entry.equals("b") ? 600 : 390);
        assertThat(more).isEqualTo(batch(0, "a", "b", "c"));
        assertThat(lanes.waiting()).isEqualTo(1);
        assertThat(lanes.settled(0, 4)).isEqualTo(batch(0, "d"));
    }

    @Test
    void aBatchIsFullWithWhatWaits() {
        Lanes.Batch<String> batch = lanes.offer("a", 10, 0);
        lanes.offer("b", 600, 1);
        assertThat(lanes.isFull(batch, _ -> 10)).isFalse();
        lanes.offer("c", 389, 2);
        assertThat(lanes.isFull(batch, _ -> 10)).isFalse();
        lanes.offer("d", 1, 3);
        assertThat(lanes.isFull(batch, _ -> 10)).isTrue();
    }

    @Test
    void aSecondLaneOpensWhenAFullBatchWaits() {
        lanes.offer("a", 10, 0);
        assertThat(lanes.offer("b", 600, 1)).isNull();
        assertThat(lanes.offer("c", 600, 2)).isEqualTo(batch(1, "b", "c"));
        assertThat(lanes.offer("d", 10, 3)).isNull();
    }

    @Test
    void theSecondLaneRestsAsSoonAsTheFirstKeepsUp() {
        lanes.offer("a", 10, 0);
        lanes.offer("b", 1000, 1);
        lanes.offer("c", 10, 2);
        assertThat(lanes.settled(1, 3)).as("too little for two").isNull();
        assertThat(lanes.settled(0, 4)).isEqualTo(batch(0, "c"));
    }

    @Test
    void aSecondLaneStepsInForOneThatHangs() {
        lanes.offer("a", 10, 0);
        assertThat(lanes.offer("b", 10, 99 * MILLI)).isNull();
        assertThat(lanes.next(100 * MILLI)).isEqualTo(batch(1, "b"));
        lanes.settled(1, 101 * MILLI);
        assertThat(lanes.offer("c", 10, 102 * MILLI))
                .as("without waiting again")
                .isEqualTo(batch(1, "c"));
    }

    @Test
    void whenAllLanesHangEverythingWaits() {
        for (int lane = 0; lane < 3; lane++) {
            assertThat(lanes.offer("x", 10, 100 * MILLI * lane)).isNotNull();
        }
        assertThat(lanes.offer("y", 10, 1000 * MILLI)).isNull();
        assertThat(lanes.waiting()).isEqualTo(1);
        assertThat(lanes.settled(1, 1001 * MILLI)).isEqualTo(batch(1, "y"));
    }

    @Test
    void aBatchEndsWhereItIsFull() {
        lanes.offer("a", 10, 0);
        lanes.offer("b", 999, 1);
        lanes.offer("c", 999, 2);
        assertThat(lanes.settled(0, 3)).isNull();
    }

    @Test
    void whatWasWithdrawnIsNotWritten() {
        lanes.offer("a", 10, 0);
        lanes.offer("b", 999, 1);
        assertThat(lanes.withdraw("b")).isTrue();
        assertThat(lanes.withdraw("a")).as("is being written").isFalse();
        assertThat(lanes.offer("c", 10, 2)).as("the batch is no longer full").isNull();
        assertThat(lanes.settled(0, 3)).isEqualTo(batch(0, "c"));
    }

    @Test
    void whateverHappensEachIsWrittenOnceAndNothingIsForgotten() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            Lanes<String> tried = new Lanes<>(1 + random.nextInt(4), 500, Duration.ofNanos(50));
            Set<String> open = new HashSet<>();
            List<Integer> busy = new ArrayList<>();
            long now = 0;
            for (int step = 0; step < 300; step++) {
                now += random.nextInt(30);
                Lanes.@Nullable Batch<String> batch;
                if (busy.isEmpty() || random.nextInt(3) > 0) {
                    String entry = round + "-" + step;
                    open.add(entry);
                    batch = tried.offer(entry, random.nextInt(300), now);
                    assertThat(batch != null || !busy.isEmpty()).isTrue();
                } else {
                    Collections.shuffle(busy, random);
                    batch = tried.settled(busy.removeLast(), now);
                }
                note(batch, busy, open);
            }
            while (!busy.isEmpty()) {
                note(tried.settled(busy.removeFirst(), now), busy, open);
            }
            assertThat(open).isEmpty();
            assertThat(tried.isIdle()).isTrue();
        }
    }

    private static void note(
            Lanes.@Nullable Batch<String> batch, List<Integer> busy, Set<String> open) {
        if (batch != null) {
            assertThat(busy).doesNotContain(batch.lane());
            busy.add(batch.lane());
            batch.entries().forEach(entry -> assertThat(open.remove(entry)).isTrue());
        }
    }

    private static Lanes.Batch<String> batch(int lane, String... entries) {
        return new Lanes.Batch<>(lane, List.of(entries));
    }
}
