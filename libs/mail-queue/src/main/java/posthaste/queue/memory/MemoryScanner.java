package posthaste.queue.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import posthaste.mail.record.NewerRecordException;
import posthaste.mail.record.UnreadableRecordException;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.QueuedRecord;

/** Looks at the {@link MemoryLog}. */
final class MemoryScanner implements QueueScanner {
    private static final Duration LOOK = Duration.ofMillis(2);

    private final MemoryLog log;

    MemoryScanner(MemoryLog log) {
        this.log = log;
    }

    @Override
    public void read(String topic, Instant since, boolean onwards, Consumer<QueuedRecord> visitor)
            throws QueueUnavailableException, InterruptedException {
        Map<MemoryLog.Partition, Long> next = new HashMap<>();
        do {
            List<QueuedRecord> found = new ArrayList<>();
            synchronized (log) {
                for (MemoryLog.Partition partition : log.partitions(topic)) {
                    long offset = next.getOrDefault(partition, partition.start);
                    for (; offset < partition.records.size(); offset++) {
                        if (!partition.records.get((int) offset).timestamp().isBefore(since)) {
                            read(partition, offset).ifPresent(found::add);
                        }
                    }
                    next.put(partition, offset);
                }
            }
            found.forEach(visitor);
            if (onwards) {
                Thread.sleep(LOOK);
            }
        } while (onwards);
    }

    @Override
    public List<Long> ends(String topic) {
        synchronized (log) {
            return log.partitions(topic).stream().map(p -> (long) p.records.size()).toList();
        }
    }

    @Override
    public void scan(String group, List<String> topics, Consumer<QueuedRecord> visitor)
            throws QueueUnavailableException {
        List<QueuedRecord> unsettled = new ArrayList<>();
        synchronized (log) {
            for (String topic : topics) {
                for (MemoryLog.Partition partition : log.partitions(topic)) {
                    GroupPosition position = log.position(group, partition);
                    for (long offset : position.unsettled(partition.records.size())) {
                        read(partition, offset).ifPresent(unsettled::add);
                    }
                }
            }
        }
        unsettled.forEach(visitor);
    }

    private static Optional<QueuedRecord> read(MemoryLog.Partition partition, long offset)
            throws QueueUnavailableException {
        MemoryLog.Stored stored = partition.records.get((int) offset);
        try {
            return Optional.of(
                    new QueuedRecord(
                            partition.topic,
                            partition.number,
                            offset,
                            stored.timestamp(),
                            stored.decode()));
        } catch (UnreadableRecordException e) {
            return Optional.empty();
        } catch (NewerRecordException e) {
            throw new QueueUnavailableException(
                    "%s-%d@%d cannot be read".formatted(partition.topic, partition.number, offset),
                    e);
        }
    }
}
