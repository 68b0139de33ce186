package posthaste.queue.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import posthaste.queue.Backlog;
import posthaste.queue.PartitionMark;
import posthaste.queue.PartitionMark.Standing;
import posthaste.queue.QueueMarks;
import posthaste.queue.QueueUnavailableException;

/** Marks of the {@link MemoryLog}. */
final class MemoryMarks implements QueueMarks {
    private final MemoryLog log;

    MemoryMarks(MemoryLog log) {
        this.log = log;
    }

    @Override
    public SortedSet<String> topics(String prefix) {
        SortedSet<String> names = log.topicNames();
        names.removeIf(name -> !name.startsWith(prefix));
        return names;
    }

    @Override
    public List<PartitionMark> marks(String group, Collection<String> topics)
            throws QueueUnavailableException {
        List<PartitionMark> marks = new ArrayList<>();
        synchronized (log) {
            for (String topic : topics) {
                if (!log.topicNames().contains(topic)) {
                    throw new QueueUnavailableException("the topic " + topic + " does not exist");
                }
                for (MemoryLog.Partition partition : log.partitions(topic)) {
                    marks.add(
                            new PartitionMark(
                                    group, topic, partition.number, standing(group, partition)));
                }
            }
        }
        return marks;
    }

    @Override
    public List<Backlog> backlog(String group, Map<String, Duration> delays) {
        List<Backlog> all = new ArrayList<>();
        synchronized (log) {
            for (String topic : new TreeSet<>(delays.keySet())) {
                long unsettled = 0;
                long due = 0;
                Instant until =
                        log.clock().instant().minus(delays.getOrDefault(topic, Duration.ZERO));
                for (MemoryLog.Partition partition : log.partitions(topic)) {
                    for (long offset :
                            log.position(group, partition).unsettled(partition.records.size())) {
                        if (offset >= partition.start) {
                            unsettled++;
                            due += timeOf(partition, offset).isAfter(until) ? 0 : 1;
                        }
                    }
                }
                all.add(new Backlog(topic, unsettled, due));
            }
        }
        return all;
    }

    @Override
    public void trim(Collection<Trim> trims) {
        synchronized (log) {
            for (Trim trim : trims) {
                MemoryLog.Partition partition = log.partitions(trim.topic()).get(trim.partition());
                partition.start = Math.max(partition.start, trim.before());
            }
        }
    }

    /** There is no other process. */
    @Override
    public boolean holds(String consumer, String group, String topic, int partition) {
        return true;
    }

    private Standing standing(String group, MemoryLog.Partition partition) {
        long mark = log.position(group, partition).mark();
        long end = partition.records.size();
        return new Standing.Known(
                mark,
                partition.start,
                end,
                mark < end ? Optional.of(timeOf(partition, mark)) : Optional.empty(),
                partition.start < end ? Optional.of(timeOf(partition, end - 1)) : Optional.empty());
    }

    private static Instant timeOf(MemoryLog.Partition partition, long offset) {
        return partition.records.get((int) offset).timestamp();
    }
}
