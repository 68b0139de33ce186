package posthaste.queue.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.DeadLetterBodies;
import posthaste.queue.RecordHandler;
import posthaste.queue.ledger.OffsetLedger;
import posthaste.queue.tiers.WaitingHead;

/**
 * The consumer loop (DESIGN 6): poll, take in what has ended, start what is due, commit, poll ...
 * on one thread, which never waits for a handler.
 *
 * <p>Handlers run on virtual threads and hand what settles a record to the producer themselves; the
 * acknowledgement comes back to the loop, which looks every few milliseconds while anything is in
 * flight. So no record wakes the loop.
 */
final class SettlingLoop implements LoopThread.Loop, ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(SettlingLoop.class);

    private static final Duration IDLE_POLL = Duration.ofMillis(200);

    /** While anything is in flight: how soon the loop sees what has ended. */
    private static final Duration BUSY_POLL = Duration.ofMillis(10);

    private static final int POLL_RECORDS = 500;

    /** Records that a partition keeps ready, at least. */
    private static final int LEAST_BACKLOG = 32;

    /** A head that waits longer than this gives those behind it back to the log. */
    private static final Duration LONG_WAIT = Duration.ofSeconds(1);

    /** For handlers that were broken off, to settle what they know. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration COMMIT_WHILE_DRAINING = Duration.ofMillis(250);

    /** For a commit while draining, and after one that failed: a broker may just be restarted. */
    private static final Duration DRAINING_PATIENCE = Duration.ofSeconds(1);

    private static final Duration FAILURE_PAUSE = Duration.ofMillis(100);
    private static final Duration LOOK = Duration.ofMillis(1);

    private final ConsumerPlan plan;
    private final InstantSource clock;
    private final LoopStatistics statistics;
    private final Deliveries deliveries;
    private final Lease lease = new Lease(System::nanoTime);
    private final Probation probation;

    private final Map<TopicPartition, AssignedPartition> assigned = new LinkedHashMap<>();
    private final Consumer<byte[], byte[]> consumer;
    private final Commits commits;
    private final Takeover takeover;
    private int rotation;

    SettlingLoop(
            Clients clients,
            ConsumerPlan plan,
            RecordHandler handler,
            RecordSender sender,
            DeadLetterBodies bodies,
            TrialTurn trialTurn,
            InstantSource clock,
            LoopStatistics statistics) {
        this.plan = plan;
        this.clock = clock;
        this.statistics = statistics;
        this.deliveries =
                new Deliveries(
                        plan,
                        handler,
                        sender,
                        new Graveyard(plan.group(), bodies),
                        lease,
                        statistics);
        this.probation = new Probation(plan.name(), deliveries, trialTurn);
        this.consumer =
                clients.member(
                        plan.name(), plan.group(), Math.min(POLL_RECORDS, 2 * plan.inFlight()));
        this.commits = new Commits(plan, consumer, assigned, deliveries, lease, statistics);
        this.takeover = new Takeover(plan, consumer);
    }

    /** Joins the group. */
    SettlingLoop join() {
        consumer.subscribe(plan.topics().keySet(), this);
        return this;
    }

    @Override
    public void turn() {
        lease.turned();
        poll();
        long now = System.nanoTime();
        deliveries.drain(now);
        readLedgers();
        deliveries.retryDue(now, probation.mayOthersStart());
        startDue(now);
        pauseAndResume();
        commits.whenDue(now);
    }

    private void poll() {
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(pollTimeout());
            for (TopicPartition topicPartition : records.partitions()) {
                AssignedPartition partition = assigned.get(topicPartition);
                if (partition != null) {
                    partition.gather(records.records(topicPartition));
                }
            }
        } catch (RetriableException
                | UnknownMemberIdException
                | FencedMemberEpochException
                | StaleMemberEpochException e) {
            // The last three: the group has put this member out, as after a long pause of the whole
            // process. It joins again by itself.
            LOG.warn("{}: the broker cannot be read, trying again: {}", plan.name(), e.toString());
            LockSupport.parkNanos(FAILURE_PAUSE.toNanos());
        }
    }

    private Duration pollTimeout() {
        if ((lease.needsProof(false) && !assigned.isEmpty())
                || deliveries.anyRunning()
                || commits.isUnderWay()
                || probation.anyWaits()) {
            return BUSY_POLL;
        }
        long nanos = IDLE_POLL.toNanos();
        for (AssignedPartition partition : assigned.values()) {
            if (partition.ledgerHasChanged()) {
                return BUSY_POLL;
            }
            if (partition.hasBacklog()) {
                // A due one that did not start waits for room or for the end of an outage.
                long wait = Math.max(partition.headWaits().toNanos(), BUSY_POLL.toNanos());
                nanos = Math.min(nanos, wait);
            }
        }
        return Duration.ofNanos(deliveries.nanosUntilRetry(System.nanoTime(), nanos));
    }

    /** For new partitions: what of them is settled already. */
    private void readLedgers() {
        Set<TopicPartition> unread =
                assigned.values().stream()
                        .filter(partition -> !partition.isReady())
                        .map(AssignedPartition::topicPartition)
                        .collect(Collectors.toSet());
        if (unread.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetLedger> ledgers;
        try {
            ledgers = takeover.of(unread);
        } catch (AuthorizationException e) {
            throw e;
        } catch (ApiException e) {
            // Also when the group has just put this member out: it joins again by itself.
            LOG.warn("{}: offsets cannot be read, trying again: {}", plan.name(), e.toString());
            return;
        }
        ledgers.forEach((topicPartition, ledger) -> {
            AssignedPartition partition = assigned.get(topicPartition);
            if (partition != null) {
                consumer.seek(topicPartition, ledger.mark());
                partition.goOn(ledger);
            }
        });
    }

    /** Starts what is due, a record of each partition in turn, as far as there is room. */
    private void startDue(long now) {
        List<AssignedPartition> turns = new ArrayList<>(assigned.values());
        probation.turn(turns, now);
        statistics.suspects = probation.waiting();
        if (turns.isEmpty()) {
            return;
        }
        rotation = (rotation + 1) % turns.size();
        boolean any = true;
        while (any && !deliveries.isFull()) {
            any = false;
            for (int i = 0; i < turns.size() && !deliveries.isFull(); i++) {
                AssignedPartition partition = turns.get((rotation + i) % turns.size());
                if (deliveries.mayStart(partition.topic(), now)
                        && partition.mayTake()
                        && probation.mayTake(partition, partition.nextOffset())) {
                    take(partition, now);
                    any = true;
                }
            }
        }
    }

    private void take(AssignedPartition partition, long now) {
        ConsumerRecord<byte[], byte[]> record = partition.next();
        OffsetLedger ledger = partition.ledger();
        if (ledger.isRewind(record.offset())) {
            positionLost(partition, record);
            beginAgain(partition, record);
            return;
        }
        if (ledger.isGap(record.offset()) && partition.continues()) {
            positionLost(partition, record);
        }
        if (ledger.take(record.offset())) {
            probation.admit(partition, record, now);
        }
    }

    /** The log is another one than before: what is in flight of the old one counts no more. */
    private void beginAgain(AssignedPartition partition, ConsumerRecord<byte[], byte[]> first) {
        AssignedPartition again = newPartition(partition.topicPartition());
        again.begin(takeover.afresh(first.offset()));
        again.paused = partition.paused;
        again.gather(List.of(first));
        again.gather(partition.backlog());
        partition.lose();
        deliveries.forgetLost();
        assigned.put(partition.topicPartition(), again);
    }

    private void positionLost(AssignedPartition partition, ConsumerRecord<byte[], byte[]> found) {
        statistics.positionsLost.increment();
        LOG.error(
                "{}: after offset {} of {} the log goes on at {}: records were deleted unsettled, or the topic was made anew",
                plan.name(),
                partition.ledger().end() - 1,
                partition.topicPartition(),
                found.offset());
    }

    private void pauseAndResume() {
        int high = Math.max(LEAST_BACKLOG, 2 * plan.inFlight() / Math.max(1, assigned.size()));
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        int paused = 0;
        int newer = 0;
        for (AssignedPartition partition : assigned.values()) {
            boolean reads = partition.wantsRecords(high);
            if (!reads) {
                paused++;
            }
            if (partition.newer) {
                newer++;
            }
            if (reads == partition.paused) {
                (reads ? resume : pause).add(partition.topicPartition());
                partition.paused = !reads;
            }
            if (partition.headWaits().compareTo(LONG_WAIT) > 0) {
                giveBack(partition);
            }
        }
        if (!pause.isEmpty()) {
            consumer.pause(pause);
        }
        if (!resume.isEmpty()) {
            consumer.resume(resume);
        }
        statistics.partitions = assigned.size();
        statistics.pausedPartitions = paused;
        statistics.partitionsOfNewerVersion = newer;
    }

    /** Keeps the head alone of a partition that waits long, here and in the client's buffers. */
    private void giveBack(AssignedPartition partition) {
        if (partition.keepHeadAlone()) {
            consumer.seek(partition.topicPartition(), partition.backlog().getFirst().offset() + 1);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        // Until it is known what of them is settled.
        consumer.pause(partitions);
        for (TopicPartition topicPartition : partitions) {
            assigned.put(topicPartition, newPartition(topicPartition));
        }
        if (!partitions.isEmpty()) {
            LOG.info(
                    "{}: {} partitions more, {} now",
                    plan.name(),
                    partitions.size(),
                    assigned.size());
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        Set<TopicPartition> revoked = Set.copyOf(partitions);
        Predicate<AssignedPartition> going = p -> revoked.contains(p.topicPartition());
        assigned.values().stream().filter(going).forEach(p -> p.leaving = true);
        deliveries.breakOff(going);
        drain(going);
        release(going);
        lose(revoked);
        LOG.info("{}: {} partitions less, {} now", plan.name(), revoked.size(), assigned.size());
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        LOG.warn(
                "{}: lost {} partitions; others handle again what was not committed",
                plan.name(),
                partitions.size());
        Set<TopicPartition> gone = Set.copyOf(partitions);
        deliveries.breakOff(p -> gone.contains(p.topicPartition()));
        lose(gone);
    }

    private void lose(Set<TopicPartition> partitions) {
        for (TopicPartition topicPartition : partitions) {
            AssignedPartition partition = assigned.remove(topicPartition);
            if (partition != null) {
                partition.lose();
            }
        }
        deliveries.forgetLost();
        probation.forgetLost();
    }

    /**
     * Lets handlers of partitions that go finish within the budget, then breaks off what is left.
     * Meanwhile the loop turns for the others, as far as their records are here: Kafka hands over
     * no records while it takes partitions away.
     */
    private void drain(Predicate<AssignedPartition> going) {
        assigned.values().stream().filter(going).forEach(p -> p.leaving = true);
        if (!turnUntilDone(going, plan.drain())) {
            deliveries.interrupt(going);
            turnUntilDone(going, GRACE);
        }
    }

    private boolean turnUntilDone(Predicate<AssignedPartition> going, Duration budget) {
        long until = System.nanoTime() + budget.toNanos();
        while (true) {
            long now = System.nanoTime();
            deliveries.drain(now);
            if (!deliveries.anyUnderWay(going)) {
                return true;
            }
            if (now - until >= 0) {
                return false;
            }
            deliveries.retryDue(now, probation.mayOthersStart());
            startDue(now);
            statistics.turned();
            lease.turned();
            if (commits.isDue(now)) {
                // Kafka would tell of a commit that is only handed over when it polls again.
                boolean done = commits.now(_ -> true, DRAINING_PATIENCE);
                // Without a commit nobody may settle what he has finished, so it is tried again.
                commits.waitFor(done ? COMMIT_WHILE_DRAINING : DRAINING_PATIENCE);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    @Override
    public void close() {
        drain(_ -> true);
        release(_ -> true);
        lose(Set.copyOf(assigned.keySet()));
        try {
            consumer.close(CloseOptions.timeout(COMMIT_TIMEOUT));
        } catch (KafkaException e) {
            LOG.warn("{}: the group could not be told: {}", plan.name(), e.toString());
        }
    }

    @Override
    public void abandon() {
        deliveries.interrupt(_ -> true);
        lose(Set.copyOf(assigned.keySet()));
        consumer.close(
                CloseOptions.timeout(COMMIT_TIMEOUT)
                        .withGroupMembershipOperation(
                                CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
    }

    /** Commits that nobody died with these partitions in hands. */
    private void release(Predicate<AssignedPartition> going) {
        for (AssignedPartition partition : assigned.values()) {
            if (going.test(partition) && partition.isReady()) {
                partition.ledger().suspects().release();
            }
        }
        boolean _ = commits.now(going, COMMIT_TIMEOUT);
    }

    private AssignedPartition newPartition(TopicPartition topicPartition) {
        Duration delay = plan.topics().getOrDefault(topicPartition.topic(), Duration.ZERO);
        return new AssignedPartition(
                topicPartition, new WaitingHead(delay, clock, System::nanoTime));
    }
}
