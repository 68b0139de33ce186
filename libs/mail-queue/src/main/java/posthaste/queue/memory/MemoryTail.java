package posthaste.queue.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.mail.record.NewerRecordException;
import posthaste.mail.record.UnreadableRecordException;
import posthaste.queue.BatchWriter;
import posthaste.queue.ConsumerStatistics;
import posthaste.queue.DeadLetter;
import posthaste.queue.DeadLetterBodies;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueueConsumer;
import posthaste.queue.QueuedRecord;
import posthaste.queue.TailPlan;

/** Hands over batches of the {@link MemoryLog} in order; a partition has one tail of a group. */
final class MemoryTail implements QueueConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryTail.class);
    private static final Duration LOOK = Duration.ofMillis(2);

    /** For a write that is under way at a stop; then it is broken off. */
    private static final Duration DRAIN = Duration.ofSeconds(1);

    private static final Duration RETRY = Duration.ofMillis(20);

    private final MemoryLog log;
    private final TailPlan plan;
    private final BatchWriter writer;
    private final MemoryStatistics statistics = new MemoryStatistics();
    private volatile boolean stopping;
    private @Nullable Thread loop;

    MemoryTail(MemoryLog log, TailPlan plan, BatchWriter writer) {
        this.log = log;
        this.plan = plan;
        this.writer = writer;
    }

    @Override
    public void start() {
        loop = Thread.ofVirtual().name("memory-tail-" + plan.name()).start(this::run);
    }

    @Override
    public boolean isRunning() {
        return loop != null && loop.isAlive();
    }

    @Override
    public ConsumerStatistics statistics() {
        return statistics;
    }

    @Override
    public void close() {
        stopping = true;
        Thread running = loop;
        if (running != null) {
            try {
                if (!running.join(DRAIN)) {
                    running.interrupt();
                    running.join();
                }
            } catch (InterruptedException e) {
                running.interrupt();
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try {
            while (!stopping) {
                boolean wrote = false;
                for (MemoryLog.Partition partition : partitions()) {
                    wrote |= readPartition(partition);
                }
                if (!wrote) {
                    Thread.sleep(LOOK);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<MemoryLog.Partition> partitions() {
        synchronized (log) {
            return plan.topics().stream().flatMap(topic -> log.partitions(topic).stream()).toList();
        }
    }

    private boolean readPartition(MemoryLog.Partition partition) throws InterruptedException {
        GroupPosition position;
        synchronized (log) {
            position = log.position(plan.group(), partition);
            if (!position.tryTail()) {
                return false;
            }
        }
        try {
            long expected = writer.nextOffset(partition.topic, partition.number);
            long from;
            List<MemoryLog.Stored> stored;
            synchronized (log) {
                from = Math.max(expected, partition.start);
                int end = (int) Math.min(partition.records.size(), from + plan.batchRecords());
                stored = List.copyOf(partition.records.subList((int) Math.min(from, end), end));
            }
            if (stored.isEmpty()) {
                return false;
            }
            List<QueuedRecord> records = decode(partition, from, stored);
            writer.write(
                    partition.topic,
                    partition.number,
                    expected,
                    from,
                    from + stored.size(),
                    records);
            statistics.settled.addAndGet(records.size());
            synchronized (log) {
                position.tailed(from + stored.size());
            }
            return true;
        } catch (PartUnavailableException e) {
            statistics.partUnavailable.incrementAndGet();
            Thread.sleep(RETRY);
            return false;
        } catch (RuntimeException e) {
            LOG.error("{}-{}: unexpected", partition.topic, partition.number, e);
            statistics.unexpected.incrementAndGet();
            Thread.sleep(RETRY);
            return false;
        } finally {
            synchronized (log) {
                position.endTail();
            }
        }
    }

    private List<QueuedRecord> decode(
            MemoryLog.Partition partition, long from, List<MemoryLog.Stored> stored) {
        List<QueuedRecord> records = new ArrayList<>();
        for (int i = 0; i < stored.size(); i++) {
            MemoryLog.Stored one = stored.get(i);
            long offset = from + i;
            try {
                records.add(
                        new QueuedRecord(
                                partition.topic,
                                partition.number,
                                offset,
                                one.timestamp(),
                                one.decode()));
            } catch (UnreadableRecordException e) {
                log.bury(
                        one.value(),
                        new MemoryLog.Burial(
                                new DeadLetter.Origin(
                                        partition.topic, partition.number, offset, one.timestamp()),
                                plan.group(),
                                String.valueOf(e.getMessage()),
                                DeadLetterBodies.Kept.nothing()));
                statistics.poisoned.incrementAndGet();
            } catch (NewerRecordException e) {
                throw new IllegalStateException(e);
            }
        }
        return records;
    }
}
