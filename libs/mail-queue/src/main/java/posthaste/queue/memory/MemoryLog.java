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
import org.jspecify.annotations.Nullable;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.NamedBody;
import posthaste.mail.record.NewerRecordException;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.RecordCodec;
import posthaste.mail.record.Topics;
import posthaste.mail.record.UnreadableRecordException;
import posthaste.queue.DeadLetter;
import posthaste.queue.DeadLetterBodies;

/** The topics, and what the groups have read of them; its monitor guards all of it. */
final class MemoryLog {
    private static final int DEFAULT_PARTITIONS = 3;

    private final InstantSource clock;
    private final Map<String, List<Partition>> topics = new TreeMap<>();
    private final Map<String, Map<Partition, GroupPosition>> groups = new TreeMap<>();

    MemoryLog(InstantSource clock) {
        this.clock = clock;
    }

    /** What a dead letter says of itself. */
    record Burial(
            DeadLetter.Origin origin, String group, String reason, DeadLetterBodies.Kept body) {}

    /** A record as it was written. */
    static final class Stored {
        private final byte[] value;
        private final Instant timestamp;
        private final @Nullable Burial burial;

        Stored(byte[] value, Instant timestamp, @Nullable Burial burial) {
            this.value = value;
            this.timestamp = timestamp;
            this.burial = burial;
        }

        /** Of a dead letter. */
        @Nullable Burial burial() {
            return burial;
        }

        /** Reads it; a dead letter names the copy of its body. */
        MailRecord decode() throws UnreadableRecordException, NewerRecordException {
            MailRecord content = RecordCodec.decode(value);
            return burial == null
                    ? content
                    : burial.body()
                            .copy()
                            .map(copy -> NamedBody.moved(content, copy))
                            .orElse(content);
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
            partitions.get(number).records.add(new Stored(value, clock.instant(), null));
        }
        notifyAll();
    }

    synchronized void appendRaw(String topic, byte[] value) {
        partitions(topic).getFirst().records.add(new Stored(value.clone(), clock.instant(), null));
        notifyAll();
    }

    synchronized void bury(byte[] value, Burial burial) {
        partitions(Topics.DEAD_LETTER)
                .getFirst()
                .records
                .add(new Stored(value.clone(), clock.instant(), burial));
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

    InstantSource clock() {
        return clock;
    }

    Instant now() {
        return clock.instant();
    }
}
