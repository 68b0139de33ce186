package posthaste.queue.memory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import posthaste.queue.BatchTaker;
import posthaste.queue.BatchWriter;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueuedRecord;

/** A taker as what a tail writes to; its offsets are its group's in the {@link MemoryLog}. */
final class MemoryFollower implements BatchWriter {
    private final MemoryLog log;
    private final String group;
    private final Optional<Instant> since;
    private final BatchTaker taker;

    MemoryFollower(MemoryLog log, String group, Optional<Instant> since, BatchTaker taker) {
        this.log = log;
        this.group = group;
        this.since = since;
        this.taker = taker;
    }

    @Override
    public long nextOffset(String topic, int partition) {
        synchronized (log) {
            MemoryLog.Partition where = log.partitions(topic).get(partition);
            GroupPosition position = log.position(group, where);
            if (!position.isFollowed()) {
                position.follow(since.map(at -> first(where, at)).orElse(0L));
            }
            return position.followed();
        }
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
        synchronized (log) {
            log.position(group, log.partitions(topic).get(partition)).follow(next);
        }
    }

    private static long first(MemoryLog.Partition partition, Instant since) {
        long offset = partition.records.size();
        while (offset > partition.start
                && !partition.records.get((int) offset - 1).timestamp().isBefore(since)) {
            offset--;
        }
        return offset;
    }
}
