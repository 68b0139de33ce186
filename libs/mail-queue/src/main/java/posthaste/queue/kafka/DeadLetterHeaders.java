package posthaste.queue.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import posthaste.mail.record.BodyRef;
import posthaste.queue.DeadLetter;
import posthaste.queue.DeadLetterBodies;

/**
 * What a dead letter says of itself beside its bytes, which stay as they were: as headers, each a
 * text, so that any Kafka tool shows them.
 */
final class DeadLetterHeaders {
    private static final String PREFIX = "posthaste-";
    private static final String TOPIC = PREFIX + "origin-topic";
    private static final String PARTITION = PREFIX + "origin-partition";
    private static final String OFFSET = PREFIX + "origin-offset";
    private static final String TIMESTAMP = PREFIX + "origin-timestamp-ms";
    private static final String GROUP = PREFIX + "group";
    private static final String REASON = PREFIX + "reason";
    private static final String BODY = PREFIX + "body";
    private static final String BODY_NOTE = PREFIX + "body-note";
    private static final int LONGEST_TEXT = 500;

    private DeadLetterHeaders() {}

    /** The record's own headers and these. */
    static List<Header> of(
            ConsumerRecord<byte[], byte[]> poison,
            String group,
            String reason,
            DeadLetterBodies.Kept body) {
        List<Header> headers = foreign(poison.headers());
        headers.add(header(TOPIC, poison.topic()));
        headers.add(header(PARTITION, Integer.toString(poison.partition())));
        headers.add(header(OFFSET, Long.toString(poison.offset())));
        headers.add(header(TIMESTAMP, Long.toString(poison.timestamp())));
        headers.add(header(GROUP, group));
        headers.add(header(REASON, shortened(reason)));
        body.copy().ifPresent(copy -> headers.add(header(BODY, text(copy))));
        if (!body.note().isEmpty()) {
            headers.add(header(BODY_NOTE, shortened(body.note())));
        }
        return headers;
    }

    /** Those that are none of ours: what a record bears when it is put back. */
    static List<Header> foreign(Headers headers) {
        List<Header> foreign = new ArrayList<>();
        for (Header header : headers) {
            if (!header.key().startsWith(PREFIX)) {
                foreign.add(header);
            }
        }
        return foreign;
    }

    /** Where the copy of its body stands. */
    static Optional<BodyRef> body(Headers headers) {
        return value(headers, BODY).flatMap(DeadLetterHeaders::body);
    }

    static String bodyNote(Headers headers) {
        return value(headers, BODY_NOTE).orElse("");
    }

    static String group(Headers headers) {
        return value(headers, GROUP).orElse("");
    }

    static String reason(Headers headers) {
        return value(headers, REASON).orElse("");
    }

    /** Empty for what no queue of ours has put among the dead letters. */
    static Optional<DeadLetter.Origin> origin(Headers headers) {
        Optional<String> topic = value(headers, TOPIC);
        Optional<Long> partition = value(headers, PARTITION).flatMap(DeadLetterHeaders::number);
        Optional<Long> offset = value(headers, OFFSET).flatMap(DeadLetterHeaders::number);
        if (topic.isEmpty() || partition.isEmpty() || offset.isEmpty()) {
            return Optional.empty();
        }
        long timestamp = value(headers, TIMESTAMP).flatMap(DeadLetterHeaders::number).orElse(0L);
        return Optional.of(
                new DeadLetter.Origin(
                        topic.get(),
                        Math.toIntExact(partition.get()),
                        offset.get(),
                        Instant.ofEpochMilli(timestamp)));
    }

    private static String text(BodyRef body) {
        return "%s %d %d %08x".formatted(body.key(), body.offset(), body.length(), body.crc32c());
    }

    private static Optional<BodyRef> body(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new BodyRef(
                            parts[0],
                            Long.parseLong(parts[1]),
                            Long.parseLong(parts[2]),
                            Integer.parseUnsignedInt(parts[3], 16)));
        } catch (IllegalArgumentException _) {
            // Somebody else's header: the body is where the record says.
            return Optional.empty();
        }
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> value(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), UTF_8));
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(LONGEST_TEXT, text.length()));
    }
}
