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
 */
public record TopicPlan(
        String name, int partitions, Optional<Duration> retention, boolean logAppendTime) {}
