package posthaste.queue.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.mail.record.NewerRecordException;
import posthaste.mail.record.UnreadableRecordException;
import posthaste.queue.DeadLetterBodies;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueuedRecord;

/**
 * Makes records of octets. What cannot be read goes to the dead letters, durably, before the batch
 * goes on without it; a follower passes over it, since the queue's own reader buries it. Used by
 * the threads that write.
 */
final class TailReader {
    private static final Logger LOG = LoggerFactory.getLogger(TailReader.class);

    private final String name;
    private final boolean buries;
    private final RecordSender sender;
    private final Graveyard graveyard;
    private final LoopStatistics statistics;

    TailReader(
            String name,
            String group,
            boolean buries,
            RecordSender sender,
            LoopStatistics statistics) {
        this.name = name;
        this.buries = buries;
        this.sender = sender;
        this.graveyard = new Graveyard(group, DeadLetterBodies.none());
        this.statistics = statistics;
    }

    /**
     * Reads what was gathered.
     *
     * @throws PartUnavailableException when the dead letters cannot be written
     */
    TailBatch read(TailPartition partition, List<ConsumerRecord<byte[], byte[]>> gathered)
            throws InterruptedException, PartUnavailableException {
        List<QueuedRecord> records = new ArrayList<>(gathered.size());
        long next = partition.next();
        int read = 0;
        for (ConsumerRecord<byte[], byte[]> record : gathered) {
            try {
                records.add(Records.decode(record));
            } catch (UnreadableRecordException e) {
                passOver(partition, record, e);
            } catch (NewerRecordException e) {
                LOG.error(
                        "{}: {} stops at {}: {}",
                        name,
                        partition.topicPartition(),
                        record.offset(),
                        e.getMessage());
                return new TailBatch(records, read, next, true);
            }
            read++;
            next = record.offset() + 1;
        }
        return new TailBatch(records, read, next, false);
    }

    private void passOver(
            TailPartition partition,
            ConsumerRecord<byte[], byte[]> record,
            UnreadableRecordException reason)
            throws InterruptedException, PartUnavailableException {
        if (!buries) {
            LOG.warn(
                    "{}: {}@{} is passed over: {}",
                    name,
                    partition.topicPartition(),
                    record.offset(),
                    reason.getMessage());
        } else if (!partition.buried.contains(record.offset())) {
            bury(record, String.valueOf(reason.getMessage()));
            LOG.error(
                    "{}: {}@{} went to the dead letters: {}",
                    name,
                    partition.topicPartition(),
                    record.offset(),
                    reason.getMessage());
            statistics.poisoned.increment();
            partition.buried.add(record.offset());
        }
    }

    private void bury(ConsumerRecord<byte[], byte[]> record, String reason)
            throws InterruptedException, PartUnavailableException {
        CountDownLatch done = new CountDownLatch(1);
        RecordSender.Sending[] result = new RecordSender.Sending[1];
        sender.send(
                List.of(graveyard.letter(record, Optional.empty(), reason)),
                sending -> {
                    result[0] = sending;
                    done.countDown();
                });
        done.await();
        Exception error = result[0].error();
        if (error != null) {
            throw new PartUnavailableException("the dead letters cannot be written", error);
        }
    }
}
