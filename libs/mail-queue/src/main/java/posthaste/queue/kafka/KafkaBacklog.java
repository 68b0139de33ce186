package posthaste.queue.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import posthaste.queue.Backlog;
import posthaste.queue.ledger.LedgerCommit;
import posthaste.queue.ledger.OffsetLedger;

/**
 * What a group has to do, from offsets alone: no record is read. What is due ends where the first
 * record stands that is younger than its topic's delay.
 */
final class KafkaBacklog {
    private final Map<TopicPartition, OffsetAndMetadata> committed;
    private final Map<TopicPartition, Long> starts;
    private final Map<TopicPartition, Long> ends;
    private final Map<TopicPartition, Long> dueEnds;

    /** Asks for them; what is committed goes first, since it may pass ends that are older. */
    KafkaBacklog(
            Admin admin,
            Map<TopicPartition, OffsetAndMetadata> committed,
            Set<TopicPartition> partitions,
            Map<String, Duration> delays,
            Instant now)
            throws ExecutionException, InterruptedException {
        this.committed = committed;
        Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        Map<TopicPartition, OffsetSpec> young = new HashMap<>();
        for (TopicPartition partition : partitions) {
            earliest.put(partition, OffsetSpec.earliest());
            latest.put(partition, OffsetSpec.latest());
            Duration delay = delays.getOrDefault(partition.topic(), Duration.ZERO);
            if (!delay.isZero()) {
                young.put(partition, OffsetSpec.forTimestamp(now.minus(delay).toEpochMilli() + 1));
            }
        }
        starts = offsets(admin, earliest);
        ends = offsets(admin, latest);
        dueEnds = offsets(admin, young);
    }

    Backlog of(String topic) {
        long unsettled = 0;
        long due = 0;
        for (Map.Entry<TopicPartition, Long> one : ends.entrySet()) {
            TopicPartition partition = one.getKey();
            if (partition.topic().equals(topic)) {
                long end = one.getValue();
                // Below 0: no record is that young.
                long young = dueEnds.getOrDefault(partition, -1L);
                OffsetLedger ledger = ledger(partition);
                unsettled += ledger.unsettledBelow(end);
                due += ledger.unsettledBelow(young < 0 ? end : young);
            }
        }
        return new Backlog(topic, unsettled, due);
    }

    private OffsetLedger ledger(TopicPartition partition) {
        long start = starts.getOrDefault(partition, 0L);
        OffsetAndMetadata offset = committed.get(partition);
        return offset == null || offset.offset() < start
                ? OffsetLedger.startingAt(start)
                : OffsetLedger.restore(new LedgerCommit(offset.offset(), offset.metadata()));
    }

    private static Map<TopicPartition, Long> offsets(
            Admin admin, Map<TopicPartition, OffsetSpec> specs)
            throws ExecutionException, InterruptedException {
        if (specs.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> one :
                admin.listOffsets(specs).all().get().entrySet()) {
            offsets.put(one.getKey(), one.getValue().offset());
        }
        return offsets;
    }
}
