package posthaste.queue.kafka;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One partition of a tail during one assignment; for the loop's thread alone. */
final class TailPartition {
    private static final long UNKNOWN = -1;

    private final TopicPartition topicPartition;
    private List<ConsumerRecord<byte[], byte[]>> gathered = new ArrayList<>();
    private long gatheringSince;
    private long next = UNKNOWN;

    /** Whether the writer said where to read on and nothing has failed since. */
    private boolean confirmed;

    /** The thread that asks the writer or writes. */
    @Nullable Thread work;

    boolean newer;
    boolean leaving;
    boolean paused = true;
    boolean toCommit;
    int failures;
    long notBefore = System.nanoTime();

    /** Unreadable records of what is gathered that are among the dead letters already. */
    final Set<Long> buried = new HashSet<>();

    TailPartition(TopicPartition topicPartition) {
        this.topicPartition = topicPartition;
    }

    TopicPartition topicPartition() {
        return topicPartition;
    }

    /** The offset that the writer is to read on from. */
    long next() {
        return next;
    }

    /** Whether it was ever told where to begin. */
    boolean isPlaced() {
        return next != UNKNOWN;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /**
     * Notes the writer's answer.
     *
     * @return whether to read from there anew; otherwise what is gathered follows on it
     */
    boolean confirm(long offset) {
        confirmed = true;
        if (offset == next) {
            return false;
        }
        next = offset;
        gathered.clear();
        buried.clear();
        return true;
    }

    /** Adds what was read; before the writer said where to begin, that is to be read again. */
    void gather(List<ConsumerRecord<byte[], byte[]>> records, long now) {
        if (next == UNKNOWN) {
            return;
        }
        if (gathered.isEmpty()) {
            gatheringSince = now;
        }
        gathered.addAll(records);
    }

    int gathered() {
        return gathered.size();
    }

    boolean isBatchDue(int size, long lingerNanos, long now) {
        return confirmed
                && !newer
                && (gathered.size() >= size
                        || (!gathered.isEmpty() && now - gatheringSince >= lingerNanos));
    }

    List<ConsumerRecord<byte[], byte[]>> batch(int size) {
        return List.copyOf(gathered.subList(0, Math.min(size, gathered.size())));
    }

    /** Notes that records are written; those behind them are the next batch. */
    void written(int records, long nextOffset) {
        gathered = new ArrayList<>(gathered.subList(records, gathered.size()));
        next = nextOffset;
        buried.clear();
        failures = 0;
        toCommit = true;
    }

    /** After a failure nothing is sure but by asking the writer again. */
    void failed() {
        confirmed = false;
        failures++;
    }
}
