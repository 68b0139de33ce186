package posthaste.queue;

/**
 * What a group has to do in a topic.
 *
 * @param unsettled records that it has not settled
 * @param due of them, those that need not wait any longer
 */
public record Backlog(String topic, long unsettled, long due) {}
