package posthaste.queue;

import java.time.Duration;
import java.util.List;

/**
 * How a tail reads.
 *
 * @param batchRecords at most, in one batch
 * @param linger how long to gather a batch once there is a record
 */
public record TailPlan(
        String name, String group, List<String> topics, int batchRecords, Duration linger) {
    public TailPlan {
        topics = List.copyOf(topics);
    }
}
