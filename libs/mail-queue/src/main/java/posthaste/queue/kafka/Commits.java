package posthaste.queue.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.ledger.LedgerCommit;

/**
 * The commits of a loop: what was settled since the last one and, as the lease asks for it, a proof
 * that the group still knows us. Used by the loop's thread alone.
 */
final class Commits {
    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

    /** After a commit that failed. */
    private static final Duration FAILURE_PAUSE = Duration.ofMillis(100);

    private final ConsumerPlan plan;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, AssignedPartition> assigned;
    private final Deliveries deliveries;
    private final Lease lease;
    private final LoopStatistics statistics;
    private boolean underWay;
    private long nextAt = System.nanoTime();

    Commits(
            ConsumerPlan plan,
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, AssignedPartition> assigned,
            Deliveries deliveries,
            Lease lease,
            LoopStatistics statistics) {
        this.plan = plan;
        this.consumer = consumer;
        this.assigned = assigned;
        this.deliveries = deliveries;
        this.lease = lease;
        this.statistics = statistics;
    }

    /** Whether one was handed over whose end is not known yet; only a poll tells it. */
    boolean isUnderWay() {
        return underWay;
    }

    boolean isDue(long now) {
        return now - nextAt >= 0;
    }

    void waitFor(Duration pause) {
        nextAt = System.nanoTime() + pause.toNanos();
    }

    /** Hands over what is news, unless that was done a moment ago. */
    void whenDue(long now) {
        if (underWay || !isDue(now)) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = news(_ -> true);
        if (offsets.isEmpty()) {
            return;
        }
        underWay = true;
        nextAt = now + plan.commitInterval().toNanos();
        // On failure Kafka doesn't tell the callback which offsets it was about.
        Runnable noted = noting(offsets);
        consumer.commitAsync(offsets, (_, error) -> ended(offsets, noted, error));
    }

    private void ended(
            Map<TopicPartition, OffsetAndMetadata> offsets,
            Runnable noted,
            @Nullable Exception error) {
        underWay = false;
        if (error == null) {
            statistics.commits.increment();
            noted.run();
        } else {
            LOG.warn("{}: a commit failed, trying again: {}", plan.name(), error.toString());
            failed(offsets);
            waitFor(FAILURE_PAUSE);
        }
    }

    /** What is to be known of these partitions once their commit is durable. */
    private Runnable noting(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<AssignedPartition, Long> versions = new HashMap<>();
        for (TopicPartition topicPartition : offsets.keySet()) {
            AssignedPartition partition = assigned.get(topicPartition);
            if (partition != null) {
                versions.put(partition, partition.ledger().suspects().version());
            }
        }
        Lease.Proof sent = lease.sent();
        return () -> {
            versions.forEach(AssignedPartition::committed);
            lease.accepted(sent);
        };
    }

    private void failed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        lease.broken();
        for (TopicPartition topicPartition : offsets.keySet()) {
            AssignedPartition partition = assigned.get(topicPartition);
            if (partition != null && partition.isReady()) {
                partition.ledger().commitFailed();
            }
        }
    }

    /** What was settled since the last commit. */
    private Map<TopicPartition, OffsetAndMetadata> news(Predicate<AssignedPartition> which) {
        boolean all = lease.needsProof(deliveries.anyRunning());
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        int longest = 0;
        for (AssignedPartition partition : assigned.values()) {
            if (which.test(partition)
                    && (partition.ledgerHasChanged() || (all && partition.isReady()))) {
                LedgerCommit commit = partition.ledger().commit();
                longest = Math.max(longest, commit.metadata().length());
                offsets.put(
                        partition.topicPartition(),
                        new OffsetAndMetadata(commit.offset(), commit.metadata()));
            }
        }
        if (!offsets.isEmpty()) {
            statistics.metadataLength = longest;
        }
        return offsets;
    }

    /**
     * Commits what is news, and waits for it.
     *
     * @return whether it is durable, or there was nothing to commit
     */
    boolean now(Predicate<AssignedPartition> which, Duration patience) {
        Map<TopicPartition, OffsetAndMetadata> offsets = news(which);
        if (offsets.isEmpty()) {
            return true;
        }
        try {
            Runnable noted = noting(offsets);
            consumer.commitSync(offsets, patience);
            statistics.commits.increment();
            noted.run();
            return true;
        } catch (KafkaException e) {
            LOG.warn(
                    "{}: the last commit failed, what was settled since the one before will be handled again: {}",
                    plan.name(),
                    e.toString());
            failed(offsets);
            return false;
        }
    }
}
