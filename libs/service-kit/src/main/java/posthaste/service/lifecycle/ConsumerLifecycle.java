package posthaste.service.lifecycle;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import posthaste.queue.QueueConsumer;

/**
 * Starts a loop with the process and stops it with the process. All loops of a process drain at the
 * same time, each for its own drain budget.
 */
public final class ConsumerLifecycle implements SmartLifecycle {
    private final Supplier<QueueConsumer> loop;
    private volatile @Nullable QueueConsumer running;

    /**
     * Takes a loop.
     *
     * @param loop makes it, not yet started
     */
    public ConsumerLifecycle(Supplier<QueueConsumer> loop) {
        this.loop = loop;
    }

    @Override
    public void start() {
        QueueConsumer consumer = loop.get();
        consumer.start();
        running = consumer;
    }

    @Override
    public void stop() {
        QueueConsumer consumer = running;
        if (consumer != null) {
            consumer.close();
            running = null;
        }
    }

    @Override
    public void stop(Runnable stopped) {
        Thread.ofVirtual()
                .name("consumer-stop")
                .start(() -> {
                    try {
                        stop();
                    } finally {
                        stopped.run();
                    }
                });
    }

    /** Whether it was started: a loop that waits for its broker is running, too. */
    @Override
    public boolean isRunning() {
        return running != null;
    }

    @Override
    public int getPhase() {
        return Phases.CONSUMERS;
    }
}
