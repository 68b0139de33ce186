package posthaste.queue.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.mail.record.NewerRecordException;
import posthaste.mail.record.UnreadableRecordException;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.QueuedRecord;
import posthaste.queue.ledger.LedgerCommit;
import posthaste.queue.ledger.OffsetLedger;

/** Reads topics and what groups have committed, as a member of none. */
final class KafkaScanner implements QueueScanner {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaScanner.class);
    private static final Duration POLL = Duration.ofMillis(500);

    /** Without any record for so long the broker counts as away. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Clients clients;

    KafkaScanner(Clients clients) {
        this.clients = clients;
    }

    @Override
    public void read(String topic, Instant since, boolean onwards, Consumer<QueuedRecord> visitor)
            throws QueueUnavailableException, InterruptedException {
        try (var reader = clients.reader("read")) {
            List<TopicPartition> partitions = partitions(reader, topic);
            Map<TopicPartition, Long> ends = new HashMap<>(reader.endOffsets(partitions));
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
            Map<TopicPartition, OffsetAndTimestamp> found = reader.offsetsForTimes(times);
            reader.assign(partitions);
            for (TopicPartition partition : partitions) {
                OffsetAndTimestamp first = found.get(partition);
                long end = ends.getOrDefault(partition, 0L);
                reader.seek(partition, first == null ? end : first.offset());
            }
            if (onwards) {
                while (true) {
                    reader.poll(POLL).forEach(record -> visit(record, visitor));
                }
            }
            ends.keySet().removeIf(p -> reader.position(p) >= ends.getOrDefault(p, 0L));
            reader.assign(ends.keySet());
            visit(reader, ends, new HashMap<>(), record -> visit(record, visitor));
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    @Override
    public List<Long> ends(String topic) throws QueueUnavailableException, InterruptedException {
        try (var reader = clients.reader("ends")) {
            List<TopicPartition> partitions = partitions(reader, topic);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            List<Long> inOrder = new ArrayList<>();
            for (int number = 0; number < partitions.size(); number++) {
                inOrder.add(ends.getOrDefault(new TopicPartition(topic, number), 0L));
            }
            return inOrder;
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    @Override
    public void scan(String group, List<String> topics, Consumer<QueuedRecord> visitor)
            throws QueueUnavailableException, InterruptedException {
        scanRaw(group, topics, record -> visit(record, visitor));
    }

    /** The same for records as they stand there, readable or not. */
    void scanRaw(
            String group, List<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> visitor)
            throws QueueUnavailableException, InterruptedException {
        try (var reader = clients.reader("scan")) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (String topic : topics) {
                partitions.addAll(partitions(reader, topic));
            }
            // The ends before the ledgers: a record that is settled in between is not seen, and one
            // that it led to may be.
            Map<TopicPartition, Long> ends = new HashMap<>(reader.endOffsets(partitions));
            Map<TopicPartition, Long> begins = reader.beginningOffsets(partitions);
            Map<TopicPartition, OffsetLedger> ledgers = ledgers(group, partitions);
            ends.keySet()
                    .removeIf(p ->
                            ends.getOrDefault(p, 0L)
                                    <= Math.max(
                                            ledger(ledgers, p).mark(), begins.getOrDefault(p, 0L)));
            reader.assign(ends.keySet());
            for (TopicPartition partition : ends.keySet()) {
                reader.seek(
                        partition,
                        Math.max(
                                ledger(ledgers, partition).mark(),
                                begins.getOrDefault(partition, 0L)));
            }
            visit(reader, ends, ledgers, visitor);
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    private static void visit(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> reader,
            Map<TopicPartition, Long> ends,
            Map<TopicPartition, OffsetLedger> ledgers,
            Consumer<ConsumerRecord<byte[], byte[]>> visitor)
            throws QueueUnavailableException {
        long progress = System.nanoTime();
        while (!ends.isEmpty()) {
            var records = reader.poll(POLL);
            if (records.isEmpty() && System.nanoTime() - progress > PATIENCE.toNanos()) {
                throw new QueueUnavailableException(
                        "the broker sends nothing more of " + ends.keySet());
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                Long end = ends.get(partition);
                if (end != null
                        && record.offset() < end
                        && !ledger(ledgers, partition).isSettled(record.offset())) {
                    visitor.accept(record);
                }
            }
            if (!records.isEmpty()) {
                // From here: what the visitor does with them is not the broker's silence.
                progress = System.nanoTime();
            }
            List<TopicPartition> done =
                    ends.entrySet().stream()
                            .filter(e -> reader.position(e.getKey()) >= e.getValue())
                            .map(Map.Entry::getKey)
                            .toList();
            if (!done.isEmpty()) {
                ends.keySet().removeAll(done);
                reader.assign(ends.keySet());
            }
        }
    }

    private static void visit(
            ConsumerRecord<byte[], byte[]> record, Consumer<QueuedRecord> visitor) {
        QueuedRecord decoded;
        try {
            decoded = Records.decode(record);
        } catch (UnreadableRecordException | NewerRecordException e) {
            LOG.warn(
                    "{}-{}@{} is passed over: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
            return;
        }
        visitor.accept(decoded);
    }

    private Map<TopicPartition, OffsetLedger> ledgers(String group, List<TopicPartition> partitions)
            throws QueueUnavailableException, InterruptedException {
        Map<TopicPartition, OffsetLedger> ledgers = new HashMap<>();
        try (Admin admin = clients.admin()) {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata offset = committed.get(partition);
                if (offset != null) {
                    ledgers.put(
                            partition,
                            OffsetLedger.restore(
                                    new LedgerCommit(offset.offset(), offset.metadata())));
                }
            }
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw unavailable(e);
            }
        }
        return ledgers;
    }

    private static OffsetLedger ledger(
            Map<TopicPartition, OffsetLedger> ledgers, TopicPartition partition) {
        return ledgers.computeIfAbsent(partition, _ -> OffsetLedger.startingAt(0));
    }

    private static List<TopicPartition> partitions(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> reader, String topic)
            throws QueueUnavailableException {
        List<PartitionInfo> infos = reader.partitionsFor(topic);
        if (infos == null || infos.isEmpty()) {
            throw new QueueUnavailableException("the topic " + topic + " does not exist");
        }
        return infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    }

    private QueueUnavailableException unavailable(Exception cause) {
        return new QueueUnavailableException(
                "the broker at %s cannot be read: %s"
                        .formatted(clients.bootstrapServers(), cause.getMessage()),
                cause);
    }

    private static InterruptedException interrupted(InterruptException cause) {
        boolean _ = Thread.interrupted();
        InterruptedException interrupted = new InterruptedException(cause.getMessage());
        interrupted.initCause(cause);
        return interrupted;
    }
}
