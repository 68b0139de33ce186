package posthaste.queue.kafka;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** Where a follower's group stands, as the broker keeps it. */
final class GroupOffsets {
    private final Optional<Instant> since;

    /**
     * @param since where a group begins that has committed nothing
     */
    GroupOffsets(Optional<Instant> since) {
        this.since = since;
    }

    /**
     * Where to read on. A beginning that is later than the earliest is committed at once: or a
     * crash before the first commit would move it, and lose what was written meanwhile.
     */
    Map<TopicPartition, Long> of(Consumer<?, ?> consumer, Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> next = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> begun = new HashMap<>();
        consumer.committed(partitions, Clients.ASK_TIMEOUT)
                .forEach((partition, committed) -> {
                    if (committed != null) {
                        next.put(partition, committed.offset());
                    }
                });
        for (TopicPartition partition : partitions) {
            if (!next.containsKey(partition)) {
                long from = since.map(at -> first(consumer, partition, at)).orElse(0L);
                next.put(partition, from);
                begun.put(partition, new OffsetAndMetadata(from));
            }
        }
        if (since.isPresent() && !begun.isEmpty()) {
            consumer.commitSync(begun, Clients.ASK_TIMEOUT);
        }
        return next;
    }

    /** The end is asked for first, so that what is written in between is not passed over. */
    private static long first(Consumer<?, ?> consumer, TopicPartition partition, Instant since) {
        long end =
                consumer.endOffsets(Set.of(partition), Clients.ASK_TIMEOUT)
                        .getOrDefault(partition, 0L);
        OffsetAndTimestamp found =
                consumer.offsetsForTimes(
                                Map.of(partition, since.toEpochMilli()), Clients.ASK_TIMEOUT)
                        .get(partition);
        return found == null ? end : Math.min(end, found.offset());
    }
}
