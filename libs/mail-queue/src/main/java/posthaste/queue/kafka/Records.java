package posthaste.queue.kafka;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import posthaste.mail.record.NewerRecordException;
import posthaste.mail.record.RecordCodec;
import posthaste.mail.record.UnreadableRecordException;
import posthaste.queue.QueuedRecord;

/** From what Kafka reads to what the queue hands over. */
final class Records {
    private Records() {}

    static QueuedRecord decode(ConsumerRecord<byte[], byte[]> record)
            throws UnreadableRecordException, NewerRecordException {
        if (record.value() == null) {
            throw new UnreadableRecordException("the record has no value");
        }
        return new QueuedRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                RecordCodec.decode(record.value()));
    }
}
