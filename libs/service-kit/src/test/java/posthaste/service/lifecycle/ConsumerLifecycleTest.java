package posthaste.service.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.SmartLifecycle;
import org.springframework.integration.dsl.IntegrationFlow;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.ConsumerStatistics;
import posthaste.queue.QueueConsumer;
import posthaste.queue.Settlement;
import posthaste.queue.memory.MemoryMailQueue;

class ConsumerLifecycleTest {
    private final MemoryMailQueue queue = new MemoryMailQueue(InstantSource.system());

    @Test
    void aLoopRunsWhileTheProcessDoesAndCanBeStartedAgain() {
        ConsumerLifecycle lifecycle = new ConsumerLifecycle("reading", () -> loop("reading"));
        assertThat(lifecycle.loop("reading")).isEmpty();

        for (int round = 0; round < 2; round++) {
            lifecycle.start();
            await().until(() -> lifecycle.loop("reading").orElseThrow().isRunning());
            lifecycle.stop();
            assertThat(lifecycle.isRunning()).isFalse();
        }
    }

    /** Each may take its whole drain budget: one after the other would be the sum of them. */
    @Test
    @Timeout(20)
    void allLoopsDrainAtTheSameTime() throws Exception {
        CyclicBarrier draining = new CyclicBarrier(2);
        ConsumerLifecycle lifecycle =
                new ConsumerLifecycle(
                        Map.of(
                                "one", () -> new DrainingTogether(loop("one"), draining),
                                "two", () -> new DrainingTogether(loop("two"), draining)));
        lifecycle.start();
        CountDownLatch stopped = new CountDownLatch(1);

        lifecycle.stop(stopped::countDown);

        assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(lifecycle.isRunning()).isFalse();
    }

    @Test
    void consumersStartAfterTheFlowsAndBeforeTheListeners() {
        SmartLifecycle flow = (SmartLifecycle) IntegrationFlow.from("anywhere").nullChannel();
        assertThat(new ConsumerLifecycle("reading", () -> loop("reading")).getPhase())
                .isGreaterThan(flow.getPhase())
                .isLessThan(Phases.LISTENERS);
    }

    private QueueConsumer loop(String name) {
        return queue.consumer(
                new ConsumerPlan(
                        name,
                        name,
                        Map.of("mail.bounce", Duration.ZERO),
                        1,
                        Duration.ofMillis(1),
                        Duration.ofSeconds(1)),
                _ -> Settlement.nothing());
    }

    /** Its drain ends only when the other one's has begun. */
    private record DrainingTogether(QueueConsumer loop, CyclicBarrier draining)
            implements QueueConsumer {
        @Override
        public void start() {
            loop.start();
        }

        @Override
        public boolean isRunning() {
            return loop.isRunning();
        }

        @Override
        public ConsumerStatistics statistics() {
            return loop.statistics();
        }

        @Override
        public void close() {
            try {
                draining.await(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException("the other loop does not drain", e);
            }
            loop.close();
        }
    }
}
