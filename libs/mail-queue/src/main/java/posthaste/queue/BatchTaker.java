package posthaste.queue;

import java.util.List;

/** Takes what a follower reads. */
@FunctionalInterface
public interface BatchTaker {

    /**
     * Takes records of one partition, in order; once it returns they are never handed over again,
     * but for those of the last moments before a crash. Partitions call at the same time.
     *
     * @param missed records in front of these that were deleted before anybody of the group took
     *     them
     * @throws PartUnavailableException when they cannot be taken now: they come again after a
     *     pause, and with them what has been written since
     * @throws InterruptedException on a stop, or when the partition moves to another process
     */
    void take(String topic, int partition, long missed, List<QueuedRecord> records)
            throws PartUnavailableException, InterruptedException;
}
