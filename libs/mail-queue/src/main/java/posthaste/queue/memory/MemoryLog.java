package posthaste.queue.memory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.RecordCodec;

/** The topics, and what the groups have read of them; its monitor guards all of it. */
final class MemoryLog {
    private static final int DEFAULT_PARTITIONS = 3;

    private final InstantSource clock;
    private final Map<String, List<Partition>> topics = new TreeMap<>();
    private final Map<String, Map<Partition, GroupPosition>> groups = new TreeMap<>();

    MemoryLog(InstantSource clock) {
        this.clock = clock;
    }

    /** A record as it was written. */
    static final class Stored {
        private final byte[] value;
        private final Instant timestamp;

        Stored(byte[] value, Instant timestamp) {
            this.value = value;
            this.timestamp = timestamp;
        }

        byte[] value() {
            return value;
        }

        Instant timestamp() {
            return timestamp;
        }
    }

    /** One partition; compared by identity. */
    static final class Partition {
        final String topic;
        final int number;
        final List<Stored> records = new ArrayList<>();

        /** What is below is gone for whoever reads, though a list cannot begin elsewhere. */
        long start;

        Partition(String topic, int number) {
            this.topic = topic;
            this.number = number;
        }
    }

    synchronized void create(String topic, int partitions) {
        topics.computeIfAbsent(topic, name -> newTopic(name, partitions));
    }

    synchronized void append(List<OutgoingRecord> records) {
        for (OutgoingRecord record : records) {
            byte[] value = RecordCodec.encode(record.content());
            List<Partition> partitions = partitions(record.topic());
            int number = Math.floorMod(record.routingKey().hashCode(), partitions.size());
            partitions.get(number).records.add(new Stored(value, clock.instant()));
        }
        notifyAll();
    }

    synchronized void appendRaw(String topic, byte[] value) {
        partitions(topic).getFirst().records.add(new Stored(value.clone(), clock.instant()));
        notifyAll();
    }

    /** Caller holds the monitor. */
    List<Partition> partitions(String topic) {
        return topics.computeIfAbsent(topic, name -> newTopic(name, DEFAULT_PARTITIONS));
    }

    private static List<Partition> newTopic(String name, int partitions) {
        return IntStream.range(0, partitions).mapToObj(n -> new Partition(name, n)).toList();
    }

    /** Caller holds the monitor. */
    GroupPosition position(String group, Partition partition) {
        GroupPosition position =
                groups.computeIfAbsent(group, _ -> new IdentityHashMap<>())
                        .computeIfAbsent(partition, _ -> new GroupPosition());
        position.atLeast(partition.start);
        return position;
    }

    synchronized SortedSet<String> topicNames() {
        return new TreeSet<>(topics.keySet());
    }

    Instant now() {
        return clock.instant();
    }
}
