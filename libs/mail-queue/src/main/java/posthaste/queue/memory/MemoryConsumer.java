package posthaste.queue.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.NewerRecordException;
import posthaste.mail.record.UnreadableRecordException;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.ConsumerStatistics;
import posthaste.queue.DeadLetter;
import posthaste.queue.DeadLetterBodies;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueueConsumer;
import posthaste.queue.QueuedRecord;
import posthaste.queue.RecordHandler;
import posthaste.queue.Settlement;

/** Settles records of the {@link MemoryLog}, any number of them at once up to its cap. */
final class MemoryConsumer implements QueueConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryConsumer.class);

    /** A settable clock tells nobody that it has moved, so due heads are looked for this often. */
    private static final long LOOK_MILLIS = 5;

    private static final Duration RETRY = Duration.ofMillis(20);

    private final MemoryLog log;
    private final ConsumerPlan plan;
    private final RecordHandler handler;
    private final DeadLetterBodies bodies;
    private final MemoryStatistics statistics = new MemoryStatistics();
    private final Set<Thread> handling = ConcurrentHashMap.newKeySet();
    private final Set<MemoryLog.Partition> newer = ConcurrentHashMap.newKeySet();
    private int turn;
    private volatile boolean stopping;
    private @Nullable Thread loop;

    MemoryConsumer(
            MemoryLog log, ConsumerPlan plan, RecordHandler handler, DeadLetterBodies bodies) {
        this.log = log;
        this.plan = plan;
        this.handler = handler;
        this.bodies = bodies;
    }

    private record Taken(
            MemoryLog.Partition partition,
            GroupPosition position,
            long offset,
            MemoryLog.Stored stored) {}

    @Override
    public void start() {
        loop = Thread.ofVirtual().name("memory-consumer-" + plan.name()).start(this::run);
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
        if (running == null) {
            return;
        }
        try {
            running.join();
            if (!awaitHandlers(plan.drain())) {
                handling.forEach(Thread::interrupt);
                awaitHandlers(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            handling.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitHandlers(Duration budget) throws InterruptedException {
        long until = System.nanoTime() + budget.toNanos();
        while (!handling.isEmpty()) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            Thread.sleep(1);
        }
        return true;
    }

    private void run() {
        try {
            while (!stopping) {
                Taken taken = takeOrWait();
                if (taken != null) {
                    statistics.inFlight.incrementAndGet();
                    Thread thread = Thread.ofVirtual().unstarted(() -> handle(taken));
                    handling.add(thread);
                    thread.start();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Taken takeOrWait() throws InterruptedException {
        synchronized (log) {
            Taken taken = statistics.inFlight.get() < plan.inFlight() ? take() : null;
            if (taken == null) {
                log.wait(LOOK_MILLIS);
            }
            return taken;
        }
    }

    private @Nullable Taken take() {
        List<MemoryLog.Partition> partitions = new ArrayList<>();
        plan.topics().keySet().stream()
                .sorted()
                .forEach(topic -> partitions.addAll(log.partitions(topic)));
        for (int i = 0; i < partitions.size(); i++) {
            MemoryLog.Partition partition = partitions.get((turn + i) % partitions.size());
            GroupPosition position = log.position(plan.group(), partition);
            OptionalLong head = position.head(partition.records.size());
            if (head.isPresent() && !newer.contains(partition)) {
                MemoryLog.Stored stored = partition.records.get((int) head.getAsLong());
                Duration delay = plan.topics().getOrDefault(partition.topic, Duration.ZERO);
                Instant due = stored.timestamp().plus(delay);
                if (!due.isAfter(log.now())) {
                    turn = (turn + i + 1) % partitions.size();
                    position.take(head.getAsLong());
                    return new Taken(partition, position, head.getAsLong(), stored);
                }
            }
        }
        return null;
    }

    private void handle(Taken taken) {
        boolean settled = false;
        try {
            settled = attempt(taken);
        } catch (InterruptedException e) {
            LOG.debug("{}: interrupted, it stays unsettled", where(taken));
        } finally {
            synchronized (log) {
                if (settled) {
                    taken.position().settle(taken.offset());
                    statistics.settled.incrementAndGet();
                } else {
                    taken.position().giveBack(taken.offset());
                }
                statistics.inFlight.decrementAndGet();
                log.notifyAll();
            }
            handling.remove(Thread.currentThread());
        }
    }

    /** Handles until there is a settlement, or the consumer stops. */
    private boolean attempt(Taken taken) throws InterruptedException {
        while (true) {
            try {
                settle(taken);
                return true;
            } catch (NewerRecordException e) {
                LOG.error("{}: {}", where(taken), e.getMessage());
                if (newer.add(taken.partition())) {
                    statistics.newerPartitions.incrementAndGet();
                }
                return false;
            } catch (PartUnavailableException e) {
                statistics.partUnavailable.incrementAndGet();
            } catch (RuntimeException e) {
                LOG.error("{}: unexpected", where(taken), e);
                statistics.unexpected.incrementAndGet();
            }
            if (stopping) {
                return false;
            }
            Thread.sleep(RETRY);
        }
    }

    private void settle(Taken taken)
            throws NewerRecordException, PartUnavailableException, InterruptedException {
        MailRecord content;
        try {
            content = taken.stored().decode();
        } catch (UnreadableRecordException e) {
            bury(taken, String.valueOf(e.getMessage()), DeadLetterBodies.Kept.nothing());
            return;
        }
        QueuedRecord record =
                new QueuedRecord(
                        taken.partition().topic,
                        taken.partition().number,
                        taken.offset(),
                        taken.stored().timestamp(),
                        content);
        switch (handler.handle(record)) {
            case Settlement.Settled(var records) -> log.append(records);
            case Settlement.Poison(String reason) -> bury(taken, reason, bodies.keep(content));
        }
    }

    private void bury(Taken taken, String reason, DeadLetterBodies.Kept body) {
        LOG.error("{}: dead letter: {}", where(taken), reason);
        log.bury(
                taken.stored().value(),
                new MemoryLog.Burial(
                        new DeadLetter.Origin(
                                taken.partition().topic,
                                taken.partition().number,
                                taken.offset(),
                                taken.stored().timestamp()),
                        plan.group(),
                        reason,
                        body));
        statistics.poisoned.incrementAndGet();
    }

    private static String where(Taken taken) {
        return taken.partition().topic + "-" + taken.partition().number + "@" + taken.offset();
    }
}
