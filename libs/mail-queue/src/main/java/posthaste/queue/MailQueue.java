package posthaste.queue;

import java.time.Duration;
import java.util.List;
import posthaste.queue.control.Fact;
import posthaste.queue.control.SharedFacts;

/** The queue of one process: shared producers; any number of consumers. */
public interface MailQueue extends AutoCloseable {

    /**
     * Creates the topics that are missing and verifies the settings on which no-loss rests (DESIGN
     * 3, invariants 1 and 8).
     *
     * @throws QueueSettingsException when a topic or the broker promises less durability than
     *     configured; the message names the setting, its value and what is wanted
     * @throws QueueUnavailableException when the broker cannot be asked
     */
    void prepare(List<TopicPlan> topics) throws QueueUnavailableException, InterruptedException;

    Publisher publisher();

    /** Makes a consumer, not yet started, that settles each record by {@code handler}. */
    QueueConsumer consumer(ConsumerPlan plan, RecordHandler handler);

    /**
     * Makes a reader, not yet started, that hands over batches in order and keeps its offsets
     * elsewhere.
     */
    QueueConsumer tail(TailPlan plan, BatchWriter writer);

    /**
     * Makes a reader, not yet started, that hands over batches in order and keeps its offsets with
     * its group: for who has no place of its own to keep them, and to whom a repeat does no harm. A
     * record that cannot be read is passed over; that it goes to the dead letters is a settling
     * group's part.
     */
    QueueConsumer follow(FollowPlan plan, BatchTaker taker);

    /** Counts and visits what is in the queue, from topics and ledgers alone. */
    QueueScanner scanner();

    /** How far the groups have come, and what stands behind them, for who cleans up. */
    QueueMarks marks();

    /** What could never be handled, for an operator to look at and to put back. */
    DeadLetters deadLetters();

    /**
     * This process's part, not yet started, of the facts of a compacted topic. Each call makes one
     * of its own.
     */
    SharedFacts facts(String topic);

    /**
     * Writes facts for good: returns once they are durable, all of them in this order.
     *
     * @throws QueueUnavailableException when the broker is away: none was written
     * @throws OutcomeUnknownException when it cannot be told at the deadline
     */
    void write(String topic, List<Fact> facts, Duration deadline)
            throws QueueUnavailableException, OutcomeUnknownException, InterruptedException;

    @Override
    void close();
}
