package posthaste.queue.kafka;

import java.util.List;
import posthaste.queue.BatchTaker;
import posthaste.queue.BatchWriter;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueuedRecord;

/** A taker as what a tail writes to; the loop keeps its offsets by {@link GroupOffsets}. */
record Follower(BatchTaker taker) implements BatchWriter {

    @Override
    public long nextOffset(String topic, int partition) {
        throw new IllegalStateException("a follower's offsets are its group's");
    }

    @Override
    public void write(
            String topic, int partition, long expected, long next, List<QueuedRecord> records)
            throws PartUnavailableException, InterruptedException {
        write(topic, partition, expected, expected, next, records);
    }

    @Override
    public void write(
            String topic,
            int partition,
            long expected,
            long found,
            long next,
            List<QueuedRecord> records)
            throws PartUnavailableException, InterruptedException {
        // Zero says that none was read yet, wherever the log begins.
        long missed = expected == 0 ? 0 : Math.max(0, found - expected);
        taker.take(topic, partition, missed, records);
    }
}
