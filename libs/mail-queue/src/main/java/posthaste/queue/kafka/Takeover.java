package posthaste.queue.kafka;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.ledger.LedgerCommit;
import posthaste.queue.ledger.OffsetLedger;

/**
 * How a loop begins with partitions that others had before: from their committed ledgers, and with
 * care for what they left in flight (docs/decisions/0011).
 */
final class Takeover {
    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    private final ConsumerPlan plan;
    private final Consumer<byte[], byte[]> consumer;

    /** Ours in the ledgers of our partitions: of this life, and never 0. */
    private final int mark = new SplittableRandom().nextInt(1, Integer.MAX_VALUE);

    Takeover(ConsumerPlan plan, Consumer<byte[], byte[]> consumer) {
        this.plan = plan;
        this.consumer = consumer;
    }

    /** The ledger of a partition whose log begins anew. */
    OffsetLedger afresh(long firstOffset) {
        OffsetLedger ledger = OffsetLedger.startingAt(firstOffset);
        ledger.takeOver(mark, firstOffset);
        return ledger;
    }

    /**
     * The ledgers of new partitions, with our mark, which is still to be committed.
     *
     * @throws org.apache.kafka.common.errors.ApiException when they cannot be read now
     */
    Map<TopicPartition, OffsetLedger> of(Set<TopicPartition> unread) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                consumer.committed(unread, Clients.ASK_TIMEOUT);
        Map<TopicPartition, OffsetLedger> ledgers = new HashMap<>();
        Set<TopicPartition> leftBehind = new HashSet<>();
        committed.forEach((topicPartition, offset) -> {
            if (offset != null) {
                OffsetLedger ledger =
                        OffsetLedger.restore(new LedgerCommit(offset.offset(), offset.metadata()));
                ledgers.put(topicPartition, ledger);
                if (ledger.suspects().isLeftBehindFor(mark)) {
                    leftBehind.add(topicPartition);
                }
            }
        });
        Set<TopicPartition> fresh = new HashSet<>(unread);
        fresh.removeAll(ledgers.keySet());
        if (!fresh.isEmpty()) {
            consumer.beginningOffsets(fresh, Clients.ASK_TIMEOUT)
                    .forEach((at, begin) -> ledgers.put(at, OffsetLedger.startingAt(begin)));
        }
        Map<TopicPartition, Long> ends =
                leftBehind.isEmpty()
                        ? Map.of()
                        : consumer.endOffsets(leftBehind, Clients.ASK_TIMEOUT);
        if (!leftBehind.isEmpty()) {
            LOG.warn(
                    "{}: whoever had these partitions before never gave them back; what it had in flight is tried with care: {}",
                    plan.name(),
                    leftBehind);
        }
        ledgers.forEach((topicPartition, ledger) ->
                ledger.takeOver(
                        mark,
                        Math.min(
                                ends.getOrDefault(topicPartition, 0L),
                                ledger.end() + plan.inFlight())));
        return ledgers;
    }
}
