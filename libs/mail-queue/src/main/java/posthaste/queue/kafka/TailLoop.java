package posthaste.queue.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.queue.BatchTaker;
import posthaste.queue.BatchWriter;
import posthaste.queue.FollowPlan;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.TailPlan;
import posthaste.queue.pace.Backoff;

/**
 * Hands over batches in order. The writer keeps the offsets and has the last word on them: it is
 * asked when a partition is assigned and after each failure. What is committed in Kafka follows it,
 * for those who look at the group's lag.
 *
 * <p>The writer works on virtual threads, one a partition at a time, so that a target that hangs
 * doesn't keep the loop from its polls.
 */
final class TailLoop implements LoopThread.Loop, ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(TailLoop.class);

    private static final Duration IDLE_POLL = Duration.ofMillis(200);
    private static final Duration BUSY_POLL = Duration.ofMillis(25);
    private static final Duration LOOK = Duration.ofMillis(1);
    private static final Duration FAILURE_PAUSE = Duration.ofMillis(100);

    /**
     * For a write that is under way when its partition goes; the writer's compare-and-set decides.
     */
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final Backoff BACKOFF =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));

    private final TailPlan plan;
    private final BatchWriter writer;

    /** Empty when the writer keeps them. */
    private final Optional<GroupOffsets> groupOffsets;

    private final TailReader reader;
    private final LoopStatistics statistics;
    private final Consumer<byte[], byte[]> consumer;
    private final TailCommits commits;
    private final SplittableRandom random = new SplittableRandom();
    private final Map<TopicPartition, TailPartition> assigned = new LinkedHashMap<>();

    /** What the working threads leave for the loop to do. */
    private final Queue<Runnable> ended = new ConcurrentLinkedQueue<>();

    private TailLoop(
            Clients clients,
            TailPlan plan,
            BatchWriter writer,
            Optional<GroupOffsets> groupOffsets,
            RecordSender sender,
            LoopStatistics statistics) {
        this.plan = plan;
        this.writer = writer;
        this.groupOffsets = groupOffsets;
        this.reader =
                new TailReader(
                        plan.name(), plan.group(), groupOffsets.isEmpty(), sender, statistics);
        this.statistics = statistics;
        this.consumer =
                clients.tailing(plan.name(), plan.group(), Math.max(500, plan.batchRecords()));
        this.commits = new TailCommits(plan.name(), consumer, statistics);
    }

    static TailLoop of(
            Clients clients,
            TailPlan plan,
            BatchWriter writer,
            RecordSender sender,
            LoopStatistics statistics) {
        return new TailLoop(clients, plan, writer, Optional.empty(), sender, statistics);
    }

    /** One whose offsets the broker keeps, which so has the last word on them. */
    static TailLoop following(
            Clients clients,
            FollowPlan plan,
            BatchTaker taker,
            RecordSender sender,
            LoopStatistics statistics) {
        return new TailLoop(
                clients,
                new TailPlan(
                        plan.name(),
                        plan.group(),
                        plan.topics(),
                        plan.batchRecords(),
                        plan.linger()),
                new Follower(taker),
                Optional.of(new GroupOffsets(plan.since())),
                sender,
                statistics);
    }

    /** Joins the group. */
    TailLoop join() {
        consumer.subscribe(plan.topics(), this);
        return this;
    }

    @Override
    public void turn() {
        poll();
        drainEnded();
        groupOffsets.ifPresent(this::readOffsets);
        long now = System.nanoTime();
        for (TailPartition partition : assigned.values()) {
            workOn(partition, now);
        }
        pauseAndResume();
        commits.commitWhenDue(assigned.values(), now);
    }

    private void poll() {
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(pollTimeout());
            long now = System.nanoTime();
            for (TopicPartition topicPartition : records.partitions()) {
                TailPartition partition = assigned.get(topicPartition);
                if (partition != null) {
                    partition.gather(records.records(topicPartition), now);
                }
            }
        } catch (KafkaException e) {
            LOG.warn(
                    "{}: the broker cannot be read, trying again: {}",
                    plan.name(),
                    Passing.orThrow(e).toString());
            LockSupport.parkNanos(FAILURE_PAUSE.toNanos());
        }
    }

    private Duration pollTimeout() {
        boolean busy =
                assigned.values().stream()
                        .anyMatch(p -> p.work != null || !p.isConfirmed() || p.gathered() > 0);
        return busy ? BUSY_POLL : IDLE_POLL;
    }

    private void drainEnded() {
        Runnable step;
        while ((step = ended.poll()) != null) {
            step.run();
        }
    }

    private void workOn(TailPartition partition, long now) {
        if (partition.work != null || partition.leaving || partition.notBefore - now > 0) {
            return;
        }
        if (!partition.isConfirmed()) {
            if (groupOffsets.isPresent()) {
                return;
            }
            partition.work = Thread.startVirtualThread(() -> ask(partition));
        } else if (partition.isBatchDue(plan.batchRecords(), plan.linger().toNanos(), now)) {
            List<ConsumerRecord<byte[], byte[]>> batch = partition.batch(plan.batchRecords());
            partition.work = Thread.startVirtualThread(() -> write(partition, batch));
        }
    }

    /** For new partitions; after a failure one goes on where it was. */
    private void readOffsets(GroupOffsets offsets) {
        Set<TopicPartition> fresh = new HashSet<>();
        for (TailPartition partition : assigned.values()) {
            if (partition.isPlaced() && !partition.isConfirmed()) {
                partition.confirm(partition.next());
            } else if (!partition.isPlaced()) {
                fresh.add(partition.topicPartition());
            }
        }
        if (fresh.isEmpty()) {
            return;
        }
        try {
            offsets.of(consumer, fresh)
                    .forEach((where, next) -> {
                        TailPartition partition = assigned.get(where);
                        if (partition != null) {
                            answered(partition, next);
                        }
                    });
        } catch (KafkaException e) {
            LOG.warn(
                    "{}: offsets cannot be read, trying again: {}",
                    plan.name(),
                    Passing.orThrow(e).toString());
        }
    }

    private void ask(TailPartition partition) {
        TopicPartition where = partition.topicPartition();
        try {
            long next = writer.nextOffset(where.topic(), where.partition());
            ended.add(() -> answered(partition, next));
        } catch (PartUnavailableException | RuntimeException e) {
            ended.add(() -> failed(partition, e));
        }
    }

    private void answered(TailPartition partition, long next) {
        partition.work = null;
        TopicPartition where = partition.topicPartition();
        if (assigned.get(where) == partition && partition.confirm(next)) {
            if (next == 0) {
                consumer.seekToBeginning(Set.of(where));
            } else {
                consumer.seek(where, next);
            }
        }
    }

    private void write(TailPartition partition, List<ConsumerRecord<byte[], byte[]>> batch) {
        TopicPartition where = partition.topicPartition();
        long expected = partition.next();
        long found = batch.getFirst().offset();
        // Zero says that none was read yet, wherever the log begins.
        if (found != expected && expected != 0) {
            statistics.positionsLost.increment();
            LOG.error(
                    "{}: {} was to be read on from {}, its log goes on at {}: records were deleted unread, or the topic was made anew",
                    plan.name(),
                    where,
                    expected,
                    found);
        }
        try {
            TailBatch read = reader.read(partition, batch);
            if (read.read() > 0) {
                writer.write(
                        where.topic(),
                        where.partition(),
                        expected,
                        found,
                        read.next(),
                        read.records());
            }
            ended.add(() -> written(partition, read));
        } catch (PartUnavailableException | InterruptedException | RuntimeException e) {
            ended.add(() -> failed(partition, e));
        }
    }

    private void written(TailPartition partition, TailBatch batch) {
        partition.work = null;
        partition.written(batch.read(), batch.next());
        partition.newer = batch.stops();
        statistics.settled.add(batch.read());
    }

    private void failed(TailPartition partition, Exception cause) {
        partition.work = null;
        partition.failed();
        partition.notBefore =
                System.nanoTime() + BACKOFF.after(partition.failures, random).toNanos();
        if (cause instanceof PartUnavailableException) {
            statistics.partUnavailable.increment();
            if (partition.failures == 1) {
                // Its sentence says which part: a stack for each partition would bury it.
                LOG.warn(
                        "{}: {} pauses: {}",
                        plan.name(),
                        partition.topicPartition(),
                        cause.getMessage());
            }
        } else if (!(cause instanceof InterruptedException)) {
            statistics.unexpected.increment();
            LOG.error(
                    "{}: {} failed, trying again", plan.name(), partition.topicPartition(), cause);
        }
    }

    private void pauseAndResume() {
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        int gathered = 0;
        int paused = 0;
        int newer = 0;
        for (TailPartition partition : assigned.values()) {
            boolean reads =
                    partition.isConfirmed()
                            && !partition.newer
                            && partition.gathered() < 2 * plan.batchRecords();
            gathered += partition.gathered();
            paused += reads ? 0 : 1;
            newer += partition.newer ? 1 : 0;
            if (reads == partition.paused) {
                (reads ? resume : pause).add(partition.topicPartition());
                partition.paused = !reads;
            }
        }
        if (!pause.isEmpty()) {
            consumer.pause(pause);
        }
        if (!resume.isEmpty()) {
            consumer.resume(resume);
        }
        statistics.inFlight = gathered;
        statistics.partitions = assigned.size();
        statistics.pausedPartitions = paused;
        statistics.partitionsOfNewerVersion = newer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        // Until the writer has said where to read on.
        consumer.pause(partitions);
        for (TopicPartition topicPartition : partitions) {
            assigned.put(topicPartition, new TailPartition(topicPartition));
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        leave(Set.copyOf(partitions));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        for (TopicPartition topicPartition : partitions) {
            TailPartition partition = assigned.remove(topicPartition);
            if (partition != null && partition.work != null) {
                partition.work.interrupt();
            }
        }
    }

    private void leave(Set<TopicPartition> partitions) {
        List<TailPartition> leaving =
                assigned.values().stream()
                        .filter(p -> partitions.contains(p.topicPartition()))
                        .toList();
        leaving.forEach(partition -> partition.leaving = true);
        if (!awaitWork(leaving)) {
            leaving.stream()
                    .map(partition -> partition.work)
                    .filter(work -> work != null)
                    .forEach(Thread::interrupt);
            awaitWork(leaving);
        }
        commits.commitLast(leaving);
        partitions.forEach(assigned::remove);
    }

    private boolean awaitWork(List<TailPartition> partitions) {
        long until = System.nanoTime() + DRAIN.toNanos();
        while (partitions.stream().anyMatch(partition -> partition.work != null)) {
            if (System.nanoTime() - until >= 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK.toNanos());
            drainEnded();
            statistics.turned();
        }
        return true;
    }

    @Override
    public void close() {
        leave(Set.copyOf(assigned.keySet()));
        try {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        } catch (KafkaException e) {
            LOG.warn("{}: the group could not be told: {}", plan.name(), e.toString());
        }
    }

    @Override
    public void abandon() {
        onPartitionsLost(List.copyOf(assigned.keySet()));
        consumer.close(
                CloseOptions.timeout(CLOSE_TIMEOUT)
                        .withGroupMembershipOperation(
                                CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
    }
}
