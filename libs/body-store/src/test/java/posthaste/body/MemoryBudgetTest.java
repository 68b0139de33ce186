package posthaste.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class MemoryBudgetTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private final MemoryBudget budget = new MemoryBudget(100 * 1024);

    @Test
    void itIsCountedInPages() throws Exception {
        budget.acquire(1, LONG);
        assertThat(budget.used()).isEqualTo(1024);
        budget.acquire(1025, LONG);
        assertThat(budget.used()).isEqualTo(3 * 1024);
        budget.release(1025);
        budget.release(1);
        assertThat(budget.used()).isZero();
        assertThat(budget.size()).isEqualTo(100 * 1024);
    }

    @Test
    void moreThanAllIsRefusedAtOnce() {
        assertThatThrownBy(() -> budget.acquire(101 * 1024, Duration.ofDays(1)))
                .isInstanceOf(BudgetExhaustedException.class);
        assertThatThrownBy(() -> budget.acquire(Long.MAX_VALUE / 2, Duration.ofDays(1)))
                .isInstanceOf(BudgetExhaustedException.class);
    }

    @Test
    void whoGivesBackTooMuchIsTold() {
        assertThatThrownBy(() -> budget.release(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whoWantsMuchIsNotStarvedByThoseWhoWantLittle() throws Exception {
        budget.acquire(60 * 1024, LONG);
        CompletableFuture<Void> much = acquireAside(80 * 1024);

        assertThat(budget.tryAcquire(1024)).as("somebody waits").isFalse();
        assertThatThrownBy(() -> budget.acquire(1024, Duration.ofMillis(20)))
                .isInstanceOf(BudgetExhaustedException.class);
        budget.release(60 * 1024);

        much.get();
        assertThat(budget.used()).isEqualTo(80 * 1024);
    }

    @Test
    void afterOneWhoGaveUpTheNextIsServed() throws Exception {
        budget.acquire(60 * 1024, LONG);
        assertThatThrownBy(() -> budget.acquire(80 * 1024, Duration.ofMillis(20)))
                .isInstanceOf(BudgetExhaustedException.class);
        budget.acquire(1024, LONG);
        assertThat(budget.used()).isEqualTo(61 * 1024);
    }

    @Test
    void aLenderIsAskedBeforeAnyoneWaits() throws Exception {
        budget.acquire(100 * 1024, LONG);
        AtomicLong asked = new AtomicLong();
        budget.lendBy(bytes -> {
            asked.addAndGet(bytes);
            budget.release(bytes);
        });

        budget.acquire(10 * 1024, Duration.ZERO);
        assertThat(asked).hasValue(10 * 1024);
        assertThat(budget.tryAcquire(1)).isTrue();
        assertThat(budget.isShort()).isFalse();
    }

    @Test
    void aLenderSeesThatSomeoneWaits() throws Exception {
        budget.acquire(100 * 1024, LONG);
        CompletableFuture<Void> waiting = acquireAside(1024);
        assertThat(budget.isShort()).isTrue();
        budget.release(1024);
        waiting.get();
        assertThat(budget.isShort()).isFalse();
    }

    private CompletableFuture<Void> acquireAside(long bytes) {
        CompletableFuture<Void> done =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                budget.acquire(bytes, LONG);
                            } catch (BudgetExhaustedException | InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        Thread::startVirtualThread);
        await().until(() -> budget.isShort());
        return done;
    }
}
