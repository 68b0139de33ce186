package posthaste.queue.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.queue.control.FactCounters;
import posthaste.queue.control.FactTable;

/**
 * Reads a topic of facts from its beginning, without a group: every process has all of it. A topic
 * that was made anew is read from its beginning again.
 */
final class FactLoop implements LoopThread.Loop {
    private static final Logger LOG = LoggerFactory.getLogger(FactLoop.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration FAILURE_PAUSE = Duration.ofMillis(500);

    private final String topic;
    private final FactTable table;
    private final FactCounters counters;
    private final Consumer<byte[], byte[]> consumer;

    /** Where each partition ended when reading began; null until the broker has said. */
    private @Nullable Map<TopicPartition, Long> ends;

    private boolean failing;

    FactLoop(Clients clients, String topic, FactTable table, FactCounters counters) {
        this.topic = topic;
        this.table = table;
        this.counters = counters;
        this.consumer = clients.reader(topic);
    }

    @Override
    public void turn() {
        try {
            if (ends == null) {
                ends = begin();
            }
            if (ends == null) {
                return;
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.key() == null || record.value() == null) {
                    counters.unreadable.increment();
                } else {
                    table.read(record.key(), record.value());
                }
            }
            noteWhether(ends);
            failing = false;
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            if (!failing) {
                failing = true;
                LOG.warn("{} cannot be read, trying again: {}", topic, e.toString());
            }
            LockSupport.parkNanos(FAILURE_PAUSE.toNanos());
        }
    }

    private @Nullable Map<TopicPartition, Long> begin() {
        List<PartitionInfo> found = consumer.partitionsFor(topic, Clients.ASK_TIMEOUT);
        List<TopicPartition> partitions =
                found.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
        if (partitions.isEmpty()) {
            LockSupport.parkNanos(FAILURE_PAUSE.toNanos());
            return null;
        }
        Map<TopicPartition, Long> end = consumer.endOffsets(partitions, Clients.ASK_TIMEOUT);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return end;
    }

    private void noteWhether(@Nullable Map<TopicPartition, Long> until) {
        if (until != null
                && !counters.isWhole()
                && until.entrySet().stream()
                        .allMatch(end ->
                                consumer.position(end.getKey(), Clients.ASK_TIMEOUT)
                                        >= end.getValue())) {
            counters.whole();
        }
    }

    @Override
    public void close() {
        try {
            consumer.close(CloseOptions.timeout(Clients.ASK_TIMEOUT));
        } catch (KafkaException e) {
            LOG.debug("{}: {}", topic, e.toString());
        }
    }

    @Override
    public void abandon() {
        close();
    }
}
