package posthaste.queue.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.OutgoingRecord;
import posthaste.queue.DeadLetterBodies;
import posthaste.queue.PartUnavailableException;

/**
 * Makes a group's dead letters: the record as it was read, and the copy of its body. Renews the
 * bodies of what waited too long to be written.
 *
 * @param group that could not handle them
 */
record Graveyard(String group, DeadLetterBodies bodies) {

    /**
     * A dead letter, its body copied.
     *
     * @param content empty when it cannot be read
     * @throws PartUnavailableException when the body cannot be copied now
     */
    EncodedRecord letter(
            ConsumerRecord<byte[], byte[]> poison, Optional<MailRecord> content, String reason)
            throws PartUnavailableException, InterruptedException {
        DeadLetterBodies.Kept body =
                content.isPresent() ? bodies.keep(content.get()) : DeadLetterBodies.Kept.nothing();
        return EncodedRecord.deadLetter(poison, group, reason, body);
    }

    /** Whether records that have waited that long to be written are to be renewed. */
    boolean isStale(long nanos) {
        return Duration.ofNanos(nanos).compareTo(bodies.renewal()) >= 0;
    }

    /**
     * Records that could not be written for long, with copies of the bodies that they name. One
     * whose body is missing or damaged stays as it is: whoever reads it finds out and tells.
     *
     * @throws PartUnavailableException when a body cannot be copied now
     */
    List<OutgoingRecord> withRenewedBodies(List<OutgoingRecord> records)
            throws PartUnavailableException, InterruptedException {
        List<OutgoingRecord> renewed = new ArrayList<>(records.size());
        for (OutgoingRecord record : records) {
            MailRecord content = bodies.release(record.content()).orElse(record.content());
            renewed.add(new OutgoingRecord(record.topic(), record.routingKey(), content));
        }
        return renewed;
    }
}
