package posthaste.queue.kafka;

import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.queue.publish.PartitionChooser;

/**
 * A producer that all threads share: what they write meets in its batches, and so in the broker's
 * flushes.
 */
final class RecordSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecordSender.class);

    private final Producer<byte[], byte[]> producer;
    private final PartitionChooser chooser;
    private final Metric connections;

    RecordSender(Producer<byte[], byte[]> producer, PartitionChooser chooser) {
        this.producer = producer;
        this.chooser = chooser;
        this.connections =
                producer.metrics().entrySet().stream()
                        .filter(metric ->
                                metric.getKey().name().equals("connection-count")
                                        && metric.getKey().group().equals("producer-metrics"))
                        .findFirst()
                        .orElseThrow()
                        .getValue();
    }

    /**
     * Whether there is a connection to any broker. Without one a batch would wait until it is given
     * up, and nobody could tell then whether it was ever sent.
     */
    boolean isConnected() {
        return connections.metricValue() instanceof Double count && count > 0;
    }

    /**
     * Makes sure that a topic's partitions are known, so that sending to it need not wait.
     *
     * @throws KafkaException when they are not within {@link Clients#SEND_WAIT}
     */
    void locate(String topic) {
        producer.partitionsFor(topic);
    }

    /** Has the producer learn of a topic before anyone waits for it. */
    void expect(String topic) {
        try {
            locate(topic);
        } catch (TimeoutException e) {
            LOG.debug("{} is not known yet: {}", topic, e.getMessage());
        }
    }

    /**
     * Hands records over to the producer; does not wait for them.
     *
     * @param done told once, when each of them is durable or has failed, perhaps before this
     *     returns
     */
    void send(List<EncodedRecord> records, Consumer<Sending> done) {
        Sending sending = new Sending(records.size(), done);
        for (EncodedRecord record : records) {
            send(record, sending);
        }
    }

    private void send(EncodedRecord record, Sending sending) {
        Thread sender = Thread.currentThread();
        try {
            int partitions = producer.partitionsFor(record.topic()).size();
            int partition = chooser.choose(record.routingKey(), partitions);
            var _ =
                    producer.send(
                            record.to(partition),
                            (_, error) ->
                                    sending.done(error, Thread.currentThread().equals(sender)));
        } catch (KafkaException | IllegalStateException e) {
            // Metadata or memory were not to be had in time, or the producer is closed.
            sending.done(e, true);
        }
    }

    @Override
    public void close() {
        producer.close(Clients.ASK_TIMEOUT);
    }

    /** Waits for the acknowledgements of records that were sent together. */
    static final class Sending {
        private final Consumer<Sending> listener;
        private int open;
        private boolean handedOver;
        private @Nullable Exception error;

        Sending(int records, Consumer<Sending> listener) {
            this.open = records;
            this.listener = listener;
        }

        /** What went wrong first; null when all are durable. */
        synchronized @Nullable Exception error() {
            return error;
        }

        /**
         * Whether one of them went as far as the producer's thread: it may be durable, or become so
         * yet.
         */
        synchronized boolean wasHandedOver() {
            return handedOver;
        }

        /**
         * Notes one record's end.
         *
         * @param bySender on the sending thread Kafka only tells what it did not take at all
         */
        private void done(@Nullable Exception failure, boolean bySender) {
            boolean last;
            synchronized (this) {
                handedOver |= !bySender;
                if (failure != null && error == null) {
                    error = failure;
                }
                last = --open == 0;
            }
            if (last) {
                listener.accept(this);
            }
        }
    }
}
