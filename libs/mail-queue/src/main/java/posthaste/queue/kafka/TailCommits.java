package posthaste.queue.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the group how far a tail is: now and then, and when a partition goes. */
final class TailCommits {
    private static final Logger LOG = LoggerFactory.getLogger(TailCommits.class);

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final String name;
    private final Consumer<?, ?> consumer;
    private final LoopStatistics statistics;
    private long nextAt = System.nanoTime();

    TailCommits(String name, Consumer<?, ?> consumer, LoopStatistics statistics) {
        this.name = name;
        this.consumer = consumer;
        this.statistics = statistics;
    }

    void commitWhenDue(Collection<TailPartition> partitions, long now) {
        if (now - nextAt < 0) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = news(partitions);
        if (!offsets.isEmpty()) {
            nextAt = now + INTERVAL.toNanos();
            consumer.commitAsync(
                    offsets,
                    (_, error) -> {
                        if (error == null) {
                            statistics.commits.increment();
                        } else {
                            LOG.warn("{}: a commit failed: {}", name, error.toString());
                        }
                    });
        }
    }

    /** Waits for it; without it others repeat what was done since the last. */
    void commitLast(Collection<TailPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = news(partitions);
        if (!offsets.isEmpty()) {
            try {
                consumer.commitSync(offsets, TIMEOUT);
                statistics.commits.increment();
            } catch (KafkaException e) {
                LOG.warn("{}: the last commit failed: {}", name, e.toString());
            }
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> news(
            Collection<TailPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TailPartition partition : partitions) {
            if (partition.toCommit) {
                partition.toCommit = false;
                offsets.put(partition.topicPartition(), new OffsetAndMetadata(partition.next()));
            }
        }
        return offsets;
    }
}
