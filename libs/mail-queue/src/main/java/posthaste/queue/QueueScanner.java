package posthaste.queue;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Looks at what is unsettled: above a group's low-water mark and not settled in its ledger. */
public interface QueueScanner {

    /**
     * Visits every record that stood in {@code topics} when the call began and is not settled by
     * {@code group}. A record that moves on during the scan may be seen or not. A group that has
     * committed nothing has settled nothing. What no version of ours wrote, as a dead letter may
     * be, is passed over: it stands for no recipient that anyone could name.
     *
     * @throws QueueUnavailableException when broker, group or a record of a newer version cannot be
     *     read; the visitor may have seen a part by then
     */
    void scan(String group, List<String> topics, Consumer<QueuedRecord> visitor)
            throws QueueUnavailableException, InterruptedException;

    /**
     * Visits every record of a topic that was written then or later, settled or not: of each
     * partition in order, and in no order across them. What no version of ours wrote is passed
     * over.
     *
     * @param onwards whether to go on with what is written from now on, until interrupted or until
     *     the visitor throws; otherwise it ends where the topic ended when the call began
     * @throws QueueUnavailableException when the broker cannot be read; while going on it is waited
     *     for
     */
    void read(String topic, Instant since, boolean onwards, Consumer<QueuedRecord> visitor)
            throws QueueUnavailableException, InterruptedException;

    /**
     * Where a topic ends, so that a reader can tell whether it has caught up.
     *
     * @return by partition, the offset that the next record will have
     * @throws QueueUnavailableException when the broker cannot be asked
     */
    List<Long> ends(String topic) throws QueueUnavailableException, InterruptedException;
}
