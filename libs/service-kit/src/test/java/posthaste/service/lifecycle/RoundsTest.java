package posthaste.service.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoundsTest {
    @Test
    void whatNobodyExpectedEndsARoundAndNotTheRest() {
        AtomicInteger rounds = new AtomicInteger();
        Rounds each =
                new Rounds("test", Duration.ZERO) {
                    @Override
                    protected Duration round() {
                        if (rounds.incrementAndGet() % 2 == 1) {
                            throw new IllegalStateException("a defect");
                        }
                        return Duration.ofMillis(1);
                    }
                };
        each.start();
        await().until(() -> rounds.get() >= 4);
        each.stop();
        assertThat(each.isRunning()).isFalse();
        int after = rounds.get();
        each.start();
        await().until(() -> rounds.get() > after);
        each.stop();
    }

    @Test
    void aStopBreaksOffWhatIsUnderWay() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch brokenOff = new CountDownLatch(1);
        Rounds each =
                new Rounds("test", Duration.ZERO) {
                    @Override
                    protected Duration round() throws InterruptedException {
                        begun.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            brokenOff.countDown();
                            throw e;
                        }
                        return Duration.ZERO;
                    }
                };
        each.start();
        begun.await();
        each.stop();
        assertThat(brokenOff.getCount()).isZero();
    }
}
