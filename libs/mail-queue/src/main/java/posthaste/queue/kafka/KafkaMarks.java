package posthaste.queue.kafka;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeletedRecords;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import posthaste.queue.Backlog;
import posthaste.queue.PartitionMark;
import posthaste.queue.PartitionMark.Standing;
import posthaste.queue.QueueMarks;
import posthaste.queue.QueueUnavailableException;

/** Asks the broker for offsets and times, as a member of no group. */
final class KafkaMarks implements QueueMarks {
    private static final Duration POLL = Duration.ofMillis(200);

    /** A partition of which nothing arrives for so long is unknown. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Clients clients;
    private final InstantSource clock;

    KafkaMarks(Clients clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    @Override
    public SortedSet<String> topics(String prefix)
            throws QueueUnavailableException, InterruptedException {
        try (Admin admin = clients.admin()) {
            SortedSet<String> names = new TreeSet<>(admin.listTopics().names().get());
            names.removeIf(name -> !name.startsWith(prefix));
            return names;
        } catch (ExecutionException | KafkaException e) {
            throw unavailable(e);
        }
    }

    @Override
    public List<PartitionMark> marks(String group, Collection<String> topics)
            throws QueueUnavailableException, InterruptedException {
        try (Admin admin = clients.admin()) {
            Set<TopicPartition> partitions = partitions(admin, topics);
            // What is committed before the ends: the other way round a group could seem to be
            // beyond the end.
            Map<TopicPartition, OffsetAndMetadata> committed = committed(admin, group);
            Offsets offsets = new Offsets(admin, partitions);
            Map<TopicPartition, Standing> standings = new HashMap<>();
            Map<TopicPartition, Long> heads = new HashMap<>();
            for (TopicPartition partition : partitions) {
                Standing standing = offsets.standing(partition, committed.get(partition));
                standings.put(partition, standing);
                if (standing instanceof Standing.Known known && known.mark() < known.end()) {
                    heads.put(partition, known.mark());
                }
            }
            readHeads(heads, standings);
            List<PartitionMark> marks = new ArrayList<>();
            standings.forEach((partition, standing) ->
                    marks.add(
                            new PartitionMark(
                                    group, partition.topic(), partition.partition(), standing)));
            return marks;
        } catch (InterruptException e) {
            boolean _ = Thread.interrupted();
            InterruptedException interrupted = new InterruptedException(e.getMessage());
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException | KafkaException e) {
            throw unavailable(e);
        }
    }

    @Override
    public List<Backlog> backlog(String group, Map<String, Duration> delays)
            throws QueueUnavailableException, InterruptedException {
        try (Admin admin = clients.admin()) {
            KafkaBacklog offsets =
                    new KafkaBacklog(
                            admin,
                            committed(admin, group),
                            partitions(admin, delays.keySet()),
                            delays,
                            clock.instant());
            return delays.keySet().stream().sorted().map(offsets::of).toList();
        } catch (ExecutionException | KafkaException e) {
            throw unavailable(e);
        }
    }

    @Override
    public void trim(Collection<Trim> trims)
            throws QueueUnavailableException, InterruptedException {
        Map<TopicPartition, RecordsToDelete> deletes = new HashMap<>();
        for (Trim trim : trims) {
            deletes.put(
                    new TopicPartition(trim.topic(), trim.partition()),
                    RecordsToDelete.beforeOffset(trim.before()));
        }
        try (Admin admin = clients.admin()) {
            ExecutionException first = null;
            for (KafkaFuture<DeletedRecords> done :
                    admin.deleteRecords(deletes).lowWatermarks().values()) {
                try {
                    done.get();
                } catch (ExecutionException e) {
                    first = first == null ? e : first;
                }
            }
            if (first != null) {
                throw first;
            }
        } catch (ExecutionException | KafkaException e) {
            throw unavailable(e);
        }
    }

    @Override
    public boolean holds(String consumer, String group, String topic, int partition)
            throws QueueUnavailableException, InterruptedException {
        TopicPartition wanted = new TopicPartition(topic, partition);
        String client = clients.memberId(consumer);
        try (Admin admin = clients.admin()) {
            return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                    .flatMap(described -> described.members().stream())
                    .anyMatch(member ->
                            member.clientId().equals(client)
                                    && member.assignment().topicPartitions().contains(wanted));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return false;
            }
            throw unavailable(e);
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    private static Set<TopicPartition> partitions(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        Set<TopicPartition> partitions = new HashSet<>();
        for (TopicDescription topic : admin.describeTopics(topics).allTopicNames().get().values()) {
            topic.partitions()
                    .forEach(info ->
                            partitions.add(new TopicPartition(topic.name(), info.partition())));
        }
        return partitions;
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String group)
            throws ExecutionException, InterruptedException {
        try {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw e;
        }
    }

    /** Fills in when the record at each mark was written; what does not arrive is unknown. */
    private void readHeads(
            Map<TopicPartition, Long> heads, Map<TopicPartition, Standing> standings) {
        if (heads.isEmpty()) {
            return;
        }
        try (var reader = clients.peeker("marks")) {
            reader.assign(heads.keySet());
            heads.forEach(reader::seek);
            Set<TopicPartition> open = new HashSet<>(heads.keySet());
            long begun = System.nanoTime();
            while (!open.isEmpty() && System.nanoTime() - begun < PATIENCE.toNanos()) {
                var records = reader.poll(POLL);
                for (TopicPartition partition : records.partitions()) {
                    if (open.remove(partition)) {
                        ConsumerRecord<byte[], byte[]> head = records.records(partition).getFirst();
                        standings.computeIfPresent(
                                partition, (_, standing) -> withOldest(standing, head.timestamp()));
                    }
                }
                reader.pause(records.partitions());
            }
            for (TopicPartition partition : open) {
                standings.put(
                        partition,
                        new Standing.Unknown(
                                "the record at its low-water mark does not arrive within "
                                        + PATIENCE.toSeconds()
                                        + " s"));
            }
        }
    }

    private static Standing withOldest(Standing standing, long millis) {
        return standing instanceof Standing.Known known
                ? new Standing.Known(
                        known.mark(),
                        known.start(),
                        known.end(),
                        Optional.of(Instant.ofEpochMilli(millis)),
                        known.newest())
                : standing;
    }

    private QueueUnavailableException unavailable(Exception cause) {
        return new QueueUnavailableException(
                "the broker at %s cannot be asked: %s"
                        .formatted(clients.bootstrapServers(), cause.getMessage()),
                cause);
    }

    /** Where the logs begin and end; each partition may be the one whose leader is away. */
    private static final class Offsets {
        private final ListOffsetsResult starts;
        private final ListOffsetsResult ends;
        private final ListOffsetsResult newest;

        Offsets(Admin admin, Set<TopicPartition> partitions) {
            starts = ask(admin, partitions, OffsetSpec.earliest());
            ends = ask(admin, partitions, OffsetSpec.latest());
            newest = ask(admin, partitions, OffsetSpec.maxTimestamp());
        }

        private static ListOffsetsResult ask(
                Admin admin, Set<TopicPartition> partitions, OffsetSpec spec) {
            Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
            partitions.forEach(partition -> specs.put(partition, spec));
            return admin.listOffsets(specs);
        }

        Standing standing(TopicPartition partition, @Nullable OffsetAndMetadata committed)
                throws InterruptedException {
            try {
                long start = answer(starts.partitionResult(partition)).offset();
                long end = answer(ends.partitionResult(partition)).offset();
                long time = answer(newest.partitionResult(partition)).timestamp();
                if (committed != null && committed.offset() > end) {
                    return new Standing.Unknown(
                            "its low-water mark %d is beyond the end of the log, %d: was the topic made anew?"
                                    .formatted(committed.offset(), end));
                }
                long mark = committed == null ? start : Math.max(start, committed.offset());
                return new Standing.Known(
                        mark,
                        start,
                        end,
                        Optional.empty(),
                        time < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(time)));
            } catch (ExecutionException e) {
                return new Standing.Unknown(
                        "the broker cannot say where it stands: " + e.getCause());
            }
        }

        private static ListOffsetsResultInfo answer(KafkaFuture<ListOffsetsResultInfo> future)
                throws ExecutionException, InterruptedException {
            return future.get();
        }
    }
}
