package posthaste.queue;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * How far the groups have come, and what stands behind them: for who cleans up. Nothing here
 * decides what may go.
 */
public interface QueueMarks {

    /**
     * The names of all topics that begin with {@code prefix}, whoever made them.
     *
     * @throws QueueUnavailableException when the broker cannot be asked
     */
    SortedSet<String> topics(String prefix) throws QueueUnavailableException, InterruptedException;

    /**
     * Where a group stands in every partition that the topics have by now.
     *
     * @return in no order; a partition of which it cannot be told is among them, as unknown
     * @throws QueueUnavailableException when nothing can be told: the broker cannot be asked, or a
     *     topic does not exist
     */
    List<PartitionMark> marks(String group, Collection<String> topics)
            throws QueueUnavailableException, InterruptedException;

    /**
     * How much work a group has, in records that it has not settled. Those that are in its hands
     * count.
     *
     * @param delays of the topics, by name: a record is due when it has stood there for so long
     * @return one for each topic
     * @throws QueueUnavailableException when broker or group cannot be asked
     */
    List<Backlog> backlog(String group, Map<String, Duration> delays)
            throws QueueUnavailableException, InterruptedException;

    /**
     * Removes records for good. Whoever calls has proved that no group needs them.
     *
     * @throws QueueUnavailableException when some may still be there; the others are gone
     */
    void trim(Collection<Trim> trims) throws QueueUnavailableException, InterruptedException;

    /**
     * Whether a consumer of this process reads a partition, as its group has it now: for what one
     * process is to do for all. When a partition moves it may be two for a moment, or none.
     *
     * @param consumer its name, as in its plan
     * @throws QueueUnavailableException when the broker cannot be asked
     */
    boolean holds(String consumer, String group, String topic, int partition)
            throws QueueUnavailableException, InterruptedException;

    /**
     * What is to go of a partition.
     *
     * @param before the first offset that stays
     */
    record Trim(String topic, int partition, long before) {}
}
