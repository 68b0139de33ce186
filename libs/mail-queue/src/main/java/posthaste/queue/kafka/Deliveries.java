package posthaste.queue.kafka;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.RecordHandler;
import posthaste.queue.pace.Backoff;
import posthaste.queue.pace.InFlightShares;
import posthaste.queue.pace.OutageBrake;

/**
 * All that a loop has in flight: starts deliveries within the cap, takes in how they ended, and has
 * those that failed tried again. For the loop's thread alone.
 */
final class Deliveries {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    private static final Backoff RECORD_BACKOFF =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));

    /** What is known to have happened is written as soon as the broker is back. */
    private static final Backoff SEND_BACKOFF =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

    /** A commit tells. */
    private static final Backoff DOUBT_BACKOFF =
            new Backoff(Duration.ofMillis(20), Duration.ofMillis(100));

    private static final Backoff OUTAGE_BACKOFF =
            new Backoff(Duration.ofMillis(50), Duration.ofSeconds(30));

    private final String name;
    private final RecordHandler handler;
    private final RecordSender sender;
    private final Graveyard graveyard;
    private final Lease lease;
    private final LoopStatistics statistics;
    private final InFlightShares shares;
    private final SplittableRandom random = new SplittableRandom();
    private final OutageBrake brake = new OutageBrake(OUTAGE_BACKOFF, random);

    /** What other threads have ended. */
    private final Queue<Delivery> finished = new ConcurrentLinkedQueue<>();

    private final Set<Delivery> inFlight = new HashSet<>();
    private final PriorityQueue<Delivery> waiting =
            new PriorityQueue<>((one, other) -> Long.signum(one.retryAt - other.retryAt));
    private int running;

    Deliveries(
            ConsumerPlan plan,
            RecordHandler handler,
            RecordSender sender,
            Graveyard graveyard,
            Lease lease,
            LoopStatistics statistics) {
        this.name = plan.name();
        this.handler = handler;
        this.sender = sender;
        this.graveyard = graveyard;
        this.lease = lease;
        this.statistics = statistics;
        this.shares = new InFlightShares(plan.inFlight(), plan.topics().keySet());
    }

    boolean mayStart(String topic, long now) {
        return shares.mayStart(topic) && brake.mayStart(now);
    }

    boolean isFull() {
        return shares.isFull();
    }

    boolean anyRunning() {
        return running > 0;
    }

    Delivery start(AssignedPartition partition, ConsumerRecord<byte[], byte[]> record, long now) {
        return start(partition, record, false, now);
    }

    /** To the dead letters, unhandled. */
    void condemn(AssignedPartition partition, ConsumerRecord<byte[], byte[]> record, long now) {
        start(partition, record, true, now);
        statistics.condemned.increment();
    }

    private Delivery start(
            AssignedPartition partition,
            ConsumerRecord<byte[], byte[]> record,
            boolean condemned,
            long now) {
        Delivery delivery =
                new Delivery(
                        partition, record, handler, sender, graveyard, finished, lease, condemned);
        shares.start(partition.topic());
        inFlight.add(delivery);
        run(delivery, now);
        return delivery;
    }

    /** Takes in what has ended since the last time. */
    void drain(long now) {
        Delivery delivery;
        while ((delivery = finished.poll()) != null) {
            delivery.running = false;
            running--;
            ended(delivery, now);
        }
        statistics.inFlight = inFlight.size();
    }

    /**
     * Goes on with those whose wait is over.
     *
     * @param handlers whether they may be handled again, too, and not only be written again
     */
    void retryDue(long now, boolean handlers) {
        Delivery next;
        while ((next = waiting.peek()) != null && next.retryAt - now <= 0) {
            if (!next.isToBeSentAgain() && !(handlers && brake.mayStart(now))) {
                return;
            }
            waiting.remove();
            if (next.partition().leaving && !next.isToBeSentAgain()) {
                // Somebody else will handle it from the beginning.
                end(next);
            } else {
                run(next, now);
            }
        }
    }

    /** Time until the next one's wait is over; {@code most} when that is sooner. */
    long nanosUntilRetry(long now, long most) {
        Delivery next = waiting.peek();
        return next == null ? most : Math.clamp(next.retryAt - now, 0, most);
    }

    /** Whether a partition of those has a handler at work, or a settlement on its way. */
    boolean anyUnderWay(Predicate<AssignedPartition> partitions) {
        return inFlight.stream()
                .anyMatch(delivery ->
                        (delivery.running || delivery.isToBeSentAgain())
                                && partitions.test(delivery.partition()));
    }

    /** Breaks off those that have not come to their point of no return. */
    void breakOff(Predicate<AssignedPartition> partitions) {
        for (Delivery delivery : inFlight) {
            if (delivery.running && partitions.test(delivery.partition())) {
                delivery.breakOff();
            }
        }
    }

    void interrupt(Predicate<AssignedPartition> partitions) {
        for (Delivery delivery : inFlight) {
            if (partitions.test(delivery.partition())) {
                delivery.interrupt();
            }
        }
    }

    /** Forgets those that wait and whose partition somebody else has now. */
    void forgetLost() {
        for (Delivery delivery : List.copyOf(waiting)) {
            if (delivery.partition().isLost()) {
                waiting.remove(delivery);
                end(delivery);
            }
        }
    }

    private void run(Delivery delivery, long now) {
        delivery.running = true;
        running++;
        if (delivery.isToBeSentAgain()) {
            delivery.sendAgain();
        } else {
            delivery.era = brake.start(now);
            delivery.start();
        }
    }

    private void ended(Delivery delivery, long now) {
        AssignedPartition partition = delivery.partition();
        if (partition.isLost()) {
            end(delivery);
            return;
        }
        switch (delivery.result()) {
            case Delivery.Result.Settled() -> settled(delivery);
            case Delivery.Result.Buried(String reason) -> {
                LOG.error("{}: {} went to the dead letters: {}", name, delivery, reason);
                statistics.poisoned.increment();
                settled(delivery);
            }
            case Delivery.Result.Unsent(Exception cause) -> {
                if (!brake.isOn()) {
                    LOG.warn(
                            "{}: pauses, what settles {} cannot be written: {}",
                            name,
                            delivery,
                            cause.toString());
                }
                statistics.resent.increment();
                brake.failed(delivery.era, now);
                retryLater(delivery, SEND_BACKOFF, now);
            }
            case Delivery.Result.Unavailable(Exception cause) -> {
                if (!brake.isOn()) {
                    LOG.warn("{}: pauses, {} cannot be handled", name, delivery, cause);
                }
                statistics.partUnavailable.increment();
                brake.failed(delivery.era, now);
                retryLater(delivery, RECORD_BACKOFF, now);
            }
            case Delivery.Result.Unexpected(Throwable cause) -> {
                if (cause instanceof OutOfMemoryError error) {
                    throw error;
                }
                LOG.error("{}: {} failed, it is handled again", name, delivery, cause);
                statistics.unexpected.increment();
                retryLater(delivery, RECORD_BACKOFF, now);
            }
            case Delivery.Result.Newer(Exception cause) -> {
                LOG.error("{}: {} stops its partition: {}", name, delivery, cause.getMessage());
                partition.newer = true;
                end(delivery);
            }
            case Delivery.Result.Doubtful() -> retryLater(delivery, DOUBT_BACKOFF, now);
            case Delivery.Result.Interrupted() -> {
                if (partition.leaving) {
                    end(delivery);
                } else {
                    retryLater(delivery, RECORD_BACKOFF, now);
                }
            }
        }
    }

    private void settled(Delivery delivery) {
        delivery.partition().ledger().settle(delivery.offset());
        statistics.settled.increment();
        brake.succeeded();
        end(delivery);
    }

    private void retryLater(Delivery delivery, Backoff backoff, long now) {
        delivery.failures++;
        delivery.retryAt = now + backoff.after(delivery.failures, random).toNanos();
        waiting.add(delivery);
    }

    private void end(Delivery delivery) {
        inFlight.remove(delivery);
        shares.end(delivery.partition().topic());
    }
}
