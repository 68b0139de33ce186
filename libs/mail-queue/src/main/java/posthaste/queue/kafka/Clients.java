package posthaste.queue.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes Kafka's clients, each with the properties that the queue relies on. */
final class Clients {
    /**
     * How long a send may wait for metadata or memory at a time; who has longer tries again, who
     * has less is late by no more than this.
     */
    static final Duration SEND_WAIT = Duration.ofMillis(250);

    /** For a question to the broker that a loop cannot go on without. */
    static final Duration ASK_TIMEOUT = Duration.ofSeconds(2);

    /**
     * Of one fetched partition. A tier's partitions wait with what was fetched of them, so this
     * times the partitions is what they hold of the heap; a larger record comes alone.
     */
    private static final int PARTITION_FETCH_BYTES = 256 * 1024;

    /** A broker that says nothing for so long is passed over, in ms; what it had is sent again. */
    private static final int SILENCE = 5_000;

    private static final int BATCH_BYTES = 64 * 1024;

    /**
     * How long what settles records gathers, and what many publish at once: nobody waits for it but
     * others of the same batch, and each batch costs the broker a forced write.
     */
    static final Duration GATHER = Duration.ofMillis(8);

    /**
     * A tail is fed by so much at once, or by what there is after a while: each answer costs broker
     * and client a round, whatever is in it.
     */
    private static final int TAIL_FETCH_BYTES = 128 * 1024;

    private static final Duration TAIL_FETCH_WAIT = Duration.ofMillis(250);

    private final KafkaQueueSettings settings;

    Clients(KafkaQueueSettings settings) {
        this.settings = settings;
    }

    String bootstrapServers() {
        return settings.bootstrapServers();
    }

    /** A producer whose batches are sent at once, or almost. */
    Producer<byte[], byte[]> promptProducer() {
        return producer(settings.clientId(), settings.linger());
    }

    /** A producer whose batches gather. */
    Producer<byte[], byte[]> gatheringProducer() {
        Duration linger = settings.linger().compareTo(GATHER) > 0 ? settings.linger() : GATHER;
        return producer(settings.clientId() + "-gathering", linger);
    }

    private Producer<byte[], byte[]> producer(String clientId, Duration linger) {
        Map<String, Object> p = new HashMap<>();
        p.put("client.id", clientId);
        p.put("acks", "all");
        p.put("enable.idempotence", true);
        p.put("linger.ms", Math.toIntExact(linger.toMillis()));
        p.put("batch.size", BATCH_BYTES);
        p.put("max.request.size", KafkaQueueSettings.MAX_RECORD_BYTES);
        p.put("max.block.ms", SEND_WAIT.toMillis());
        int delivery = Math.toIntExact(settings.deliveryTimeout().toMillis());
        p.put("delivery.timeout.ms", delivery);
        p.put(
                "request.timeout.ms",
                Math.clamp(delivery / 2 - Math.toIntExact(linger.toMillis()), 500, SILENCE));
        p.put("reconnect.backoff.max.ms", 500);
        p.put("metadata.max.idle.ms", Duration.ofHours(6).toMillis());
        common(p);
        return new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** How the broker names a consumer of this process. */
    String memberId(String name) {
        return settings.clientId() + "-" + name;
    }

    /** A member of a group, whose offsets are committed by us. */
    Consumer<byte[], byte[]> member(String name, String group, int maxPollRecords) {
        return member(name, group, maxPollRecords, new HashMap<>());
    }

    /** The same for one that gathers batches anyway. */
    Consumer<byte[], byte[]> tailing(String name, String group, int maxPollRecords) {
        Map<String, Object> p = new HashMap<>();
        p.put("fetch.min.bytes", TAIL_FETCH_BYTES);
        p.put("fetch.max.wait.ms", Math.toIntExact(TAIL_FETCH_WAIT.toMillis()));
        return member(name, group, maxPollRecords, p);
    }

    private Consumer<byte[], byte[]> member(
            String name, String group, int maxPollRecords, Map<String, Object> p) {
        p.put("client.id", memberId(name));
        p.put("group.id", group);
        p.put("group.protocol", "consumer");
        p.put("enable.auto.commit", false);
        // Never latest: what was written while nobody read is mail (DESIGN 3, invariant 8).
        p.put("auto.offset.reset", "earliest");
        p.put("isolation.level", "read_uncommitted");
        p.put("max.poll.records", maxPollRecords);
        p.put("max.partition.fetch.bytes", PARTITION_FETCH_BYTES);
        p.put("reconnect.backoff.max.ms", 500);
        p.put("allow.auto.create.topics", false);
        common(p);
        return new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A reader that belongs to no group. */
    Consumer<byte[], byte[]> reader(String name) {
        Map<String, Object> p = new HashMap<>();
        p.put("client.id", settings.clientId() + "-" + name);
        p.put("enable.auto.commit", false);
        p.put("auto.offset.reset", "earliest");
        p.put("allow.auto.create.topics", false);
        common(p);
        return new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A reader that wants one record of each partition, and no more than comes along with it. */
    Consumer<byte[], byte[]> peeker(String name) {
        Map<String, Object> p = new HashMap<>();
        p.put("client.id", settings.clientId() + "-" + name);
        p.put("enable.auto.commit", false);
        p.put("auto.offset.reset", "none");
        p.put("allow.auto.create.topics", false);
        p.put("max.partition.fetch.bytes", 1);
        common(p);
        return new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    Admin admin() {
        Map<String, Object> p = new HashMap<>();
        p.put("client.id", settings.clientId() + "-admin");
        p.put("default.api.timeout.ms", 10_000);
        p.put("request.timeout.ms", 5_000);
        common(p);
        return Admin.create(p);
    }

    private void common(Map<String, Object> p) {
        p.put("bootstrap.servers", settings.bootstrapServers());
        p.put("enable.metrics.push", false);
        p.putAll(settings.properties());
    }
}
