package posthaste.queue.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.queue.control.Fact;
import posthaste.queue.control.FactCounters;
import posthaste.queue.control.Outbox;

/**
 * Writes the facts that are told here, a batch at a time, each acknowledged before the next, so
 * that a key's facts keep their order. What the broker does not acknowledge is written again,
 * unless something newer of its key has come meanwhile.
 */
final class FactWriter {
    private static final Logger LOG = LoggerFactory.getLogger(FactWriter.class);
    private static final int BATCH = 500;
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final String topic;
    private final Outbox outbox;
    private final RecordSender sender;
    private final FactCounters counters;
    private final Thread thread;
    private volatile boolean closing;
    private boolean away;

    FactWriter(String topic, Outbox outbox, RecordSender sender, FactCounters counters) {
        this.topic = topic;
        this.outbox = outbox;
        this.sender = sender;
        this.counters = counters;
        this.thread = Thread.ofVirtual().name("facts-" + topic).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** What waits is written if the broker is there; it is not waited for. */
    void close() {
        closing = true;
        if (!thread.getState().equals(Thread.State.NEW)) {
            try {
                if (!thread.join(LAST_WORDS)) {
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                thread.interrupt();
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try {
            while (!closing || outbox.size() > 0) {
                List<Fact> batch = outbox.take(BATCH, LOOK);
                if (!batch.isEmpty() && !write(batch)) {
                    outbox.putBack(batch);
                    if (closing) {
                        return;
                    }
                    Thread.sleep(LOOK);
                }
            }
        } catch (InterruptedException | InterruptException e) {
            LOG.debug("{}: {} facts stay unwritten", topic, outbox.size());
        }
    }

    /** Whether the topic has the batch. */
    private boolean write(List<Fact> batch) throws InterruptedException {
        try {
            sender.locate(topic);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            return isAway(e.toString());
        }
        if (!sender.isConnected()) {
            return isAway("there is no connection to a broker");
        }
        CompletableFuture<@Nullable Exception> result = new CompletableFuture<>();
        sender.send(
                batch.stream().map(fact -> EncodedRecord.of(topic, fact)).toList(),
                sending -> result.complete(sending.error()));
        // The producer gives up by itself.
        Exception error = result.join();
        if (error != null) {
            return isAway(error.toString());
        }
        counters.written.add(batch.size());
        if (away) {
            away = false;
            LOG.info("{} can be written again", topic);
        }
        return true;
    }

    private boolean isAway(String reason) {
        if (!away) {
            away = true;
            LOG.warn("{} cannot be written, its facts wait: {}", topic, reason);
        }
        return false;
    }
}
