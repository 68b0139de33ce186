package posthaste.queue.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.RecordCodec;
import posthaste.mail.record.Topics;
import posthaste.queue.DeadLetterBodies;
import posthaste.queue.control.Fact;
import posthaste.queue.control.FactCodec;

/** A record as bytes, its partition not yet chosen; it can be sent more than once. */
final class EncodedRecord {
    /** Key, headers and framing, at most; what a value must leave free of the largest record. */
    private static final int OVERHEAD = 4096;

    private final String topic;
    private final String routingKey;
    private final byte @Nullable [] key;
    private final byte[] value;
    private final List<Header> headers;

    private EncodedRecord(
            String topic,
            String routingKey,
            byte @Nullable [] key,
            byte[] value,
            List<Header> headers) {
        this.topic = topic;
        this.routingKey = routingKey;
        this.key = key;
        this.value = value;
        this.headers = headers;
    }

    /**
     * Encodes records.
     *
     * @throws IllegalArgumentException when one is larger than the queue takes
     */
    static List<EncodedRecord> of(List<OutgoingRecord> records) {
        List<EncodedRecord> encoded = new ArrayList<>(records.size());
        for (OutgoingRecord record : records) {
            byte[] value = RecordCodec.encode(record.content());
            int limit = KafkaQueueSettings.MAX_RECORD_BYTES - OVERHEAD;
            if (value.length > limit) {
                throw new IllegalArgumentException(
                        "a record of mail %s for %s has %d bytes; the queue takes at most %d"
                                .formatted(
                                        record.content().mailId(),
                                        record.topic(),
                                        value.length,
                                        limit));
            }
            encoded.add(
                    new EncodedRecord(record.topic(), record.routingKey(), null, value, List.of()));
        }
        return encoded;
    }

    /** A fact, under the key of which the topic keeps the newest. */
    static EncodedRecord of(String topic, Fact fact) {
        return new EncodedRecord(
                topic, fact.kind(), FactCodec.key(fact), FactCodec.value(fact), List.of());
    }

    /**
     * A record that cannot be handled, whole; its key is where it stood, so that a copy repeated
     * after a crash is recognised.
     *
     * @param group that cannot handle it
     */
    static EncodedRecord deadLetter(
            ConsumerRecord<byte[], byte[]> poison,
            String group,
            String reason,
            DeadLetterBodies.Kept body) {
        String origin = poison.topic() + "-" + poison.partition() + "@" + poison.offset();
        return new EncodedRecord(
                Topics.DEAD_LETTER,
                origin,
                origin.getBytes(UTF_8),
                poison.value(),
                DeadLetterHeaders.of(poison, group, reason, body));
    }

    /** A dead letter on its way back, its bytes as they were. */
    static EncodedRecord putBack(
            String topic, String routingKey, ConsumerRecord<byte[], byte[]> letter) {
        return new EncodedRecord(
                topic,
                routingKey,
                null,
                letter.value(),
                DeadLetterHeaders.foreign(letter.headers()));
    }

    String topic() {
        return topic;
    }

    String routingKey() {
        return routingKey;
    }

    ProducerRecord<byte[], byte[]> to(int partition) {
        return new ProducerRecord<>(topic, partition, key, value, headers);
    }
}
