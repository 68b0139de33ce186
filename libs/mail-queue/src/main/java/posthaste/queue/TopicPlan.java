package posthaste.queue;

import java.time.Duration;
import java.util.Optional;

/**
 * A topic that must exist.
 *
 * @param partitions to create it with; an existing topic may have more
 * @param retention empty: nothing leaves it but by settlement
 * @param logAppendTime whether records bear the broker's time, by which tiers wait and bodies are
 *     removed
 * @param compacted whether only the newest record of a key is kept: of facts, never of mails
 */
public record TopicPlan(
        String name,
        int partitions,
        Optional<Duration> retention,
        boolean logAppendTime,
        boolean compacted) {

    /** A topic of mails, or of what became of them: every record is kept. */
    public TopicPlan(
            String name, int partitions, Optional<Duration> retention, boolean logAppendTime) {
        this(name, partitions, retention, logAppendTime, false);
    }

    /**
     * A topic of facts. One partition, since the order of a key's facts decides which of them
     * holds.
     *
     * @param retention no fact lives longer; empty: the newest of each key stays for good
     */
    public static TopicPlan ofFacts(String name, Optional<Duration> retention) {
        return new TopicPlan(name, 1, retention, false, true);
    }

    /** As Kafka names it. */
    public String cleanupPolicy() {
        if (!compacted) {
            return "delete";
        }
        return retention.isPresent() ? "compact,delete" : "compact";
    }
}
