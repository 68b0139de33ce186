package posthaste.queue.kafka;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.queue.ConsumerStatistics;
import posthaste.queue.QueueConsumer;

/** Runs a loop on a thread of its own, from start to close. */
final class LoopThread implements QueueConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(LoopThread.class);

    /** What goes round. Used by the thread alone. */
    interface Loop {
        /** Goes round once; takes no longer than a poll. */
        void turn();

        /** Finishes what is in flight, commits, and leaves its group. */
        void close();

        /** Lets go without a commit or a word to the group, as a killed process does. */
        void abandon();
    }

    private enum Stop {
        NOT_YET,
        IN_GOOD_ORDER,
        ABANDONED
    }

    private final String name;
    private final Supplier<Loop> joining;
    private final LoopStatistics statistics;
    private final Consumer<Throwable> onFatal;
    private final Thread thread;
    private volatile Stop stop = Stop.NOT_YET;

    /**
     * @param joining makes the loop and joins its group, on the loop's thread
     */
    LoopThread(
            String name,
            Supplier<Loop> joining,
            LoopStatistics statistics,
            Consumer<Throwable> onFatal) {
        this.name = name;
        this.joining = joining;
        this.statistics = statistics;
        this.onFatal = onFatal;
        this.thread = Thread.ofPlatform().name("queue-" + name).unstarted(this::run);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public boolean isRunning() {
        return thread.isAlive();
    }

    @Override
    public ConsumerStatistics statistics() {
        return statistics;
    }

    @Override
    public void close() {
        if (stop == Stop.NOT_YET) {
            stop = Stop.IN_GOOD_ORDER;
        }
        boolean interrupted = false;
        while (thread.isAlive() && !thread.equals(Thread.currentThread())) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                // The loop ends by itself within its budget, and what it settled is to be
                // committed.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops as a killed process does; for tests of what that costs. */
    void abandon() throws InterruptedException {
        stop = Stop.ABANDONED;
        thread.join();
    }

    private void run() {
        Loop loop = null;
        try {
            loop = joining.get();
            while (stop == Stop.NOT_YET) {
                loop.turn();
                statistics.turned();
            }
            if (stop == Stop.IN_GOOD_ORDER) {
                loop.close();
            } else {
                loop.abandon();
            }
        } catch (Throwable e) {
            LOG.error("{}: the loop died", name, e);
            letGo(loop, e);
            onFatal.accept(e);
        }
    }

    private static void letGo(@Nullable Loop loop, Throwable cause) {
        if (loop != null) {
            try {
                loop.abandon();
            } catch (RuntimeException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
