package posthaste.queue.kafka;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import posthaste.mail.record.MailRecord;
import posthaste.queue.DeadLetterBodies;
import posthaste.queue.PartUnavailableException;

/**
 * Makes a group's dead letters: the record as it was read, and the copy of its body.
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
}
