package posthaste.queue;

/** A loop that reads topics. */
public interface QueueConsumer extends AutoCloseable {

    void start();

    /** Whether it has its partitions and is reading (or waiting for a broker that is away). */
    boolean isRunning();

    ConsumerStatistics statistics();

    /**
     * Stops taking records, lets handlers finish within the drain budget, commits, leaves the
     * group.
     */
    @Override
    void close();
}
