package posthaste.queue.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.opentest4j.AssertionFailedError;

/** Bytes on topics, past the queue. */
final class RawTopics implements AutoCloseable {
    private final String servers;
    private final KafkaProducer<byte[], byte[]> producer;

    RawTopics(String servers) {
        this.servers = servers;
        this.producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", servers),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    static void failOnFatal(Throwable cause) {
        throw new AssertionFailedError("a loop died", cause);
    }

    void append(String topic, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic, 0, null, value)).get();
    }

    void append(String topic, byte[] key, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic, 0, key, value)).get();
    }

    List<byte[]> values(String topic) {
        return records(topic).stream().map(ConsumerRecord::value).toList();
    }

    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", servers),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    @Override
    public void close() {
        producer.close();
    }
}
