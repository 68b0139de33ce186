package posthaste.queue;

import java.time.Duration;
import java.util.Map;

/**
 * How a consumer reads.
 *
 * @param name of the loop in logs and metrics
 * @param group whose members share the partitions
 * @param topics names, each with how long a record waits in it before it is due (zero: at once)
 * @param inFlight records being handled at once, at most; beyond it partitions pause
 * @param commitInterval floor between two commits
 * @param drain how long handlers get to finish on stop or revocation
 */
public record ConsumerPlan(
        String name,
        String group,
        Map<String, Duration> topics,
        int inFlight,
        Duration commitInterval,
        Duration drain) {
    public ConsumerPlan {
        topics = Map.copyOf(topics);
        if (topics.isEmpty() || inFlight < 1) {
            throw new IllegalArgumentException("a consumer has topics and a cap above 0");
        }
    }
}
