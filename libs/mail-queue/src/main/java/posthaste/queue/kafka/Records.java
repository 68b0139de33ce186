package posthaste.queue.kafka;

import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.NamedBody;
import posthaste.mail.record.NewerRecordException;
import posthaste.mail.record.RecordCodec;
import posthaste.mail.record.UnreadableRecordException;
import posthaste.queue.QueuedRecord;

/** From what Kafka reads to what the queue hands over. */
final class Records {
    private Records() {}

    /** A dead letter names the copy of its body, whatever its bytes say. */
    static QueuedRecord decode(ConsumerRecord<byte[], byte[]> record)
            throws UnreadableRecordException, NewerRecordException {
        if (record.value() == null) {
            throw new UnreadableRecordException("the record has no value");
        }
        MailRecord content = RecordCodec.decode(record.value());
        Optional<BodyRef> copy = DeadLetterHeaders.body(record.headers());
        return new QueuedRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                copy.isPresent() ? NamedBody.moved(content, copy.get()) : content);
    }
}
