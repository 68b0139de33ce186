package posthaste.queue.control;

import java.time.Duration;

/** The facts of one topic, as one process tells and hears them. */
public interface SharedFacts extends AutoCloseable {

    /**
     * Has everyone told, this process among them. Never waits: while the broker is away facts are
     * kept, the newest of each key, up to a number; beyond it the oldest are dropped and counted.
     */
    void tell(Fact fact);

    /**
     * Names who is told of the facts of a kind, from the first that still stands in the topic.
     *
     * @throws IllegalStateException when reading has begun
     */
    void listen(String kind, FactListener listener);

    /** Begins to read and to write, and goes on through every absence of the broker. */
    void start();

    /**
     * Waits until everything that stood in the topic at the start has been told.
     *
     * @return whether it has, within {@code atMost}
     */
    boolean awaitWhole(Duration atMost) throws InterruptedException;

    FactStatistics statistics();

    /** Writes what it can in short, then stops. */
    @Override
    void close();
}
