package posthaste.service.lifecycle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.context.SmartLifecycle;
import posthaste.queue.QueueConsumer;

/**
 * Starts loops with the process and stops them with the process, all at the same time: each drains
 * for its own budget, and none waits for another's.
 */
public final class ConsumerLifecycle implements SmartLifecycle {
    private final Map<String, Supplier<QueueConsumer>> loops;
    private volatile Map<String, QueueConsumer> running = Map.of();

    /**
     * Takes one loop.
     *
     * @param name in logs and metrics
     * @param loop makes it, not yet started
     */
    public ConsumerLifecycle(String name, Supplier<QueueConsumer> loop) {
        this(Map.of(name, loop));
    }

    /** Takes several loops by name. */
    public ConsumerLifecycle(Map<String, Supplier<QueueConsumer>> loops) {
        this.loops = new LinkedHashMap<>(loops);
    }

    @Override
    public void start() {
        Map<String, QueueConsumer> started = new LinkedHashMap<>();
        loops.forEach((name, loop) -> started.put(name, loop.get()));
        running = started;
        started.values().forEach(QueueConsumer::start);
    }

    @Override
    public void stop() {
        List<Thread> stopping = new ArrayList<>();
        running.forEach((name, loop) ->
                stopping.add(Thread.ofVirtual().name("stop-" + name).start(loop::close)));
        try {
            for (Thread one : stopping) {
                one.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running = Map.of();
    }

    /** So that the loops of other services in this process drain at the same time, too. */
    @Override
    public void stop(Runnable stopped) {
        Thread.ofVirtual()
                .name("stop-consumers")
                .start(() -> {
                    try {
                        stop();
                    } finally {
                        stopped.run();
                    }
                });
    }

    /** Whether they were started: a loop that waits for its broker is running, too. */
    @Override
    public boolean isRunning() {
        return !running.isEmpty();
    }

    @Override
    public int getPhase() {
        return Phases.CONSUMERS;
    }

    /** The names of all loops, running or not. */
    public List<String> names() {
        return List.copyOf(loops.keySet());
    }

    /** A loop, while it is running. */
    public Optional<QueueConsumer> loop(String name) {
        return Optional.ofNullable(running.get(name));
    }
}
