package posthaste.queue.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.queue.ledger.Suspects;

/**
 * Starts the records that may have killed a process, with the care that {@link Suspects} asks for:
 * each is noted in a commit first; suspects run a few at a time, repeated ones alone. For the
 * loop's thread alone.
 */
final class Probation {
    private static final Logger LOG = LoggerFactory.getLogger(Probation.class);

    /** Suspects of one partition that start at once. */
    private static final int AT_ONCE = 8;

    /** A suspect that runs longer lets the next ones start: most slow mail is only slow. */
    private static final Duration DWELL = Duration.ofSeconds(2);

    /** The shortest time for which a trial keeps everybody else from starting. */
    private static final Duration TRIAL = Duration.ofSeconds(5);

    /** From crash to crash a trial gets twice as long, up to {@link #TRIAL} times this. */
    private static final int LONGEST_TRIAL = 256;

    /** Records of one partition that wait here; beyond it none are taken. */
    private static final int WAITING = 1000;

    private final String name;
    private final Deliveries deliveries;
    private final TrialTurn turn;
    private final IdentityHashMap<AssignedPartition, Ward> wards = new IdentityHashMap<>();
    private @Nullable Trial trial;
    private long restUntil = System.nanoTime();

    Probation(String name, Deliveries deliveries, TrialTurn turn) {
        this.name = name;
        this.deliveries = deliveries;
        this.turn = turn;
    }

    /** A suspect; {@code notedAt} is the version of the commit that has to be durable before. */
    private record Noted(ConsumerRecord<byte[], byte[]> record, long notedAt) {}

    private record Started(Delivery delivery, long at) {}

    /** Those of one partition. */
    private static final class Ward {
        private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
        private final Deque<Noted> noted = new ArrayDeque<>();
        private final List<Started> running = new ArrayList<>();
        private final Deque<ConsumerRecord<byte[], byte[]>> repeated = new ArrayDeque<>();

        boolean isEmpty() {
            return waiting.isEmpty() && noted.isEmpty() && repeated.isEmpty() && running.isEmpty();
        }
    }

    /** The one that is tried alone. */
    private static final class Trial {
        private final AssignedPartition partition;
        private final Noted noted;
        private @Nullable Delivery delivery;
        private long startedAt;

        Trial(AssignedPartition partition, Noted noted) {
            this.partition = partition;
            this.noted = noted;
        }
    }

    /** Whether the partition's next record may be taken, as far as suspicions are concerned. */
    boolean mayTake(AssignedPartition partition, long offset) {
        if (!partition.isTakenOver()) {
            return false;
        }
        Ward ward = wards.get(partition);
        return switch (partition.ledger().suspects().of(offset)) {
            // Behind all suspects, or nobody could tell later which of them was in flight.
            case CLEAR ->
                    trial == null
                            && (ward == null || (ward.waiting.isEmpty() && ward.noted.isEmpty()));
            case SUSPECT, STARTED -> ward == null || ward.waiting.size() < AT_ONCE;
            case REPEATED -> ward == null || ward.repeated.size() < WAITING;
            case CONDEMNED -> true;
        };
    }

    /** Whether handlers may begin that are not on trial. */
    boolean mayOthersStart() {
        return trial == null;
    }

    /** Receives a record that the ledger has taken. */
    void admit(AssignedPartition partition, ConsumerRecord<byte[], byte[]> record, long now) {
        switch (partition.ledger().suspects().of(record.offset())) {
            case CLEAR -> deliveries.start(partition, record, now);
            case SUSPECT, STARTED -> ward(partition).waiting.add(record);
            case REPEATED -> {
                LOG.warn(
                        "{}: {}-{}@{} was in flight at two crashes in a row: it is tried alone",
                        name,
                        record.topic(),
                        record.partition(),
                        record.offset());
                ward(partition).repeated.add(record);
            }
            case CONDEMNED -> deliveries.condemn(partition, record, now);
        }
    }

    /** Starts those whose time has come. */
    void turn(Collection<AssignedPartition> assigned, long now) {
        forgetLost();
        goOnWithTrial(now);
        for (AssignedPartition partition : assigned) {
            Ward ward = wards.get(partition);
            if (ward != null && !partition.leaving) {
                if (trial == null) {
                    startSuspects(partition, ward, now);
                    beginTrial(partition, ward, now);
                }
                if (ward.isEmpty()) {
                    wards.remove(partition);
                }
            }
        }
    }

    /** Whether any waits, so that the loop is to look often. */
    boolean anyWaits() {
        return !wards.isEmpty();
    }

    /** Records that wait for their turn. */
    int waiting() {
        int waiting = 0;
        for (Ward ward : wards.values()) {
            waiting += ward.waiting.size() + ward.noted.size() + ward.repeated.size();
        }
        return waiting;
    }

    private void startSuspects(AssignedPartition partition, Ward ward, long now) {
        ward.running.removeIf(
                started -> !started.delivery().running || now - started.at() > DWELL.toNanos());
        Suspects suspects = partition.ledger().suspects();
        while (!ward.waiting.isEmpty() && ward.running.size() + ward.noted.size() < AT_ONCE) {
            ConsumerRecord<byte[], byte[]> next = ward.waiting.remove();
            suspects.start(next.offset());
            ward.noted.add(new Noted(next, suspects.version()));
        }
        while (!ward.noted.isEmpty()
                && partition.hasCommitted(ward.noted.element().notedAt())
                && deliveries.mayStart(partition.topic(), now)) {
            Delivery delivery = deliveries.start(partition, ward.noted.remove().record(), now);
            ward.running.add(new Started(delivery, now));
        }
    }

    private void beginTrial(AssignedPartition partition, Ward ward, long now) {
        if (!ward.repeated.isEmpty() && now - restUntil >= 0 && turn.tryTake(this)) {
            ConsumerRecord<byte[], byte[]> next = ward.repeated.remove();
            Suspects suspects = partition.ledger().suspects();
            suspects.tryAlone(next.offset());
            trial = new Trial(partition, new Noted(next, suspects.version()));
        }
    }

    private void goOnWithTrial(long now) {
        Trial current = trial;
        if (current == null) {
            return;
        }
        AssignedPartition partition = current.partition;
        Delivery delivery = current.delivery;
        if (partition.leaving) {
            endTrial();
        } else if (delivery == null) {
            if (partition.hasCommitted(current.noted.notedAt())
                    && deliveries.mayStart(partition.topic(), now)) {
                current.delivery = deliveries.start(partition, current.noted.record(), now);
                current.startedAt = now;
            }
        } else if (!delivery.running || now - current.startedAt > length(partition)) {
            partition.ledger().suspects().endTrial();
            // The others get as much time as this one had.
            restUntil = now + (now - current.startedAt);
            endTrial();
        }
    }

    private void endTrial() {
        trial = null;
        turn.giveBack(this);
    }

    private static long length(AssignedPartition partition) {
        long doublings = Math.max(0, partition.ledger().suspects().crashes() - 2);
        return TRIAL.toNanos() * Math.min(LONGEST_TRIAL, 1L << Math.min(doublings, 20));
    }

    /** Forgets partitions that are lost; a trial of theirs is over. */
    void forgetLost() {
        Trial current = trial;
        if (current != null && current.partition.isLost()) {
            endTrial();
        }
        wards.keySet().removeIf(AssignedPartition::isLost);
    }

    private Ward ward(AssignedPartition partition) {
        return wards.computeIfAbsent(partition, _ -> new Ward());
    }
}
