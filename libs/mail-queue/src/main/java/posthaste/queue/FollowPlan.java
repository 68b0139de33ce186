package posthaste.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a follower reads: as a tail does, but its offsets are kept with its group.
 *
 * @param batchRecords at most, in one batch
 * @param linger how long to gather a batch once there is a record
 * @param since where a group begins that has committed nothing: at what was written then or later;
 *     empty: at the earliest that there is
 */
public record FollowPlan(
        String name,
        String group,
        List<String> topics,
        int batchRecords,
        Duration linger,
        Optional<Instant> since) {
    public FollowPlan {
        topics = List.copyOf(topics);
        if (topics.isEmpty() || batchRecords < 1) {
            throw new IllegalArgumentException("a follower has topics and batches above 0");
        }
    }
}
