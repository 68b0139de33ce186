package posthaste.body.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.MemoryBudget;
import posthaste.mail.record.BodyRef;

class BodyBytesTest {
    private static final int LIMIT = 1024 * 1024;
    private static final Duration NONE = Duration.ZERO;

    @Test
    void whateverTheSizesTheContentIsTheSame() throws Exception {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            MemoryBudget budget = new MemoryBudget(4L * LIMIT);
            byte[] content = new byte[random.nextInt(LIMIT)];
            random.nextBytes(content);
            BodyBytes bytes = new BodyBytes(budget);
            for (int at = 0; at < content.length; ) {
                int n = Math.min(content.length - at, 1 + random.nextInt(100_000));
                assertThat(bytes.append(content, at, n, LIMIT, NONE)).isEqualTo(n);
                at += n;
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            bytes.writeTo(out);
            assertThat(out.toByteArray()).isEqualTo(content);
            assertThat(budget.used()).isEqualTo(bytes.memory()).isLessThanOrEqualTo(LIMIT);
            bytes.release();
            assertThat(budget.used()).isZero();
        }
    }

    @Test
    void itTakesNoMoreThanItsLimit() throws Exception {
        BodyBytes bytes = new BodyBytes(new MemoryBudget(4L * LIMIT));
        assertThat(bytes.append(new byte[2000], 0, 2000, 1500, NONE)).isEqualTo(1500);
        assertThat(bytes.append(new byte[2000], 0, 2000, 1500, NONE)).isZero();
    }

    @Test
    void withMemoryInHandItDoesNotWaitForMore() throws Exception {
        MemoryBudget budget = new MemoryBudget(40 * 1024);
        BodyBytes bytes = new BodyBytes(budget);
        int taken = bytes.append(new byte[LIMIT], 0, 20_000, LIMIT, Duration.ofDays(1));
        taken += bytes.append(new byte[LIMIT], 0, LIMIT / 2, LIMIT, Duration.ofDays(1));
        assertThat(taken).isEqualTo(bytes.length()).isBetween(16 * 1024, 40 * 1024);

        bytes.reset(0);
        assertThat(bytes.length()).isZero();
        assertThat(bytes.append(new byte[100], 0, 100, LIMIT, NONE)).isEqualTo(100);
        bytes.release();
        assertThat(budget.used()).isZero();
    }

    @Test
    void withoutAnyItIsRefused() throws Exception {
        MemoryBudget budget = new MemoryBudget(10 * 1024);
        BodyBytes bytes = new BodyBytes(budget);
        assertThatThrownBy(() -> bytes.append(new byte[1], 0, 1, LIMIT, NONE))
                .isInstanceOf(BudgetExhaustedException.class);
        bytes.release();
        assertThat(budget.used()).isZero();
    }

    @Test
    void theLastWhoLetsGoGivesTheMemoryBack() throws Exception {
        MemoryBudget budget = new MemoryBudget(LIMIT);
        BodyBytes bytes = BodyBytes.ofLength(budget, 100, NONE);
        assertThat(bytes.retain()).isTrue();
        assertThat(bytes.release()).isZero();
        assertThat(budget.used()).isEqualTo(1024);
        assertThat(bytes.release()).isEqualTo(1024);
        assertThat(budget.used()).isZero();
        assertThat(bytes.retain()).isFalse();
        assertThatThrownBy(bytes::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theEldestLeavesTheCacheFirst() throws Exception {
        MemoryBudget budget = new MemoryBudget(LIMIT);
        FreshBodies fresh = new FreshBodies(budget, 10 * 1024);
        for (int i = 0; i < 12; i++) {
            BodyBytes bytes = BodyBytes.ofLength(budget, 1024, NONE);
            Arrays.fill(bytes.views().getFirst().array(), (byte) i);
            fresh.put(ref(i), bytes);
            bytes.release();
        }
        assertThat(budget.used()).isEqualTo(fresh.held()).isEqualTo(10 * 1024);
        assertThat(fresh.get(ref(1))).isNull();
        BodyBytes held = fresh.get(ref(2));
        assertThat(held.views().getFirst().get()).isEqualTo((byte) 2);

        fresh.giveBack(1024);
        assertThat(fresh.get(ref(2))).isNull();
        assertThat(fresh.held()).as("one whose reader holds on did not count").isEqualTo(8 * 1024);
        held.release();
        fresh.close();
        assertThat(budget.used()).isZero();
    }

    private static BodyRef ref(int i) {
        return new BodyRef("primary/" + i, 0, 1024, 0);
    }
}
