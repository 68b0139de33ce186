package posthaste.queue.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.NewerRecordException;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.UnreadableRecordException;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.PointOfNoReturn;
import posthaste.queue.QueuedRecord;
import posthaste.queue.RecordHandler;
import posthaste.queue.Settlement;

/**
 * One record being handled: on a virtual thread of its own until there is a settlement, then in the
 * producer until that is durable. Each step ends with a {@link Result} for the loop, which alone
 * decides what is next.
 */
final class Delivery implements PointOfNoReturn.Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    /** How long a handler waits for the loop to find out whether its partition is still ours. */
    private static final Duration DOUBT = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(10);

    private static final String KILLER =
            "its process died twice while it was handled, and again when it was handled alone";

    private final AssignedPartition partition;
    private final ConsumerRecord<byte[], byte[]> record;
    private final RecordHandler handler;
    private final RecordSender sender;
    private final Graveyard graveyard;
    private final Queue<Delivery> finished;
    private final Lease lease;
    private final boolean condemned;

    /** What settles it, once that is known. */
    private volatile List<EncodedRecord> settlement = List.of();

    /** The same as the handler gave it, and when, as {@link System#nanoTime}. */
    private volatile List<OutgoingRecord> outgoing = List.of();

    private volatile long outgoingAt;

    private volatile String deathCause = "";
    private final AtomicReference<Way> way = new AtomicReference<>(Way.BREAKABLE);
    private volatile @Nullable Thread thread;
    private volatile Result result = new Result.Interrupted();

    // For the loop's thread.

    /** Whether a step is under way, rather than waited for. */
    boolean running;

    /** In a row. */
    int failures;

    /** When to go on after a failure, as {@link System#nanoTime}. */
    long retryAt;

    /** Of the brake, when it was started. */
    long era;

    /**
     * A record to be handled.
     *
     * @param condemned to be buried without being handled
     */
    Delivery(
            AssignedPartition partition,
            ConsumerRecord<byte[], byte[]> record,
            RecordHandler handler,
            RecordSender sender,
            Graveyard graveyard,
            Queue<Delivery> finished,
            Lease lease,
            boolean condemned) {
        this.partition = partition;
        this.record = record;
        this.handler = handler;
        this.sender = sender;
        this.graveyard = graveyard;
        this.finished = finished;
        this.lease = lease;
        this.condemned = condemned;
    }

    /** Whether a handler can still be broken off without harm. */
    private enum Way {
        BREAKABLE,
        NO_RETURN,
        BROKEN_OFF
    }

    /** How a step ended. */
    sealed interface Result {
        /** What settles it is durable. */
        record Settled() implements Result {}

        /** It stands among the dead letters. */
        record Buried(String reason) implements Result {}

        /** What settles it could not be written, as far as is known. */
        record Unsent(Exception cause) implements Result {}

        record Unavailable(PartUnavailableException cause) implements Result {}

        record Unexpected(Throwable cause) implements Result {}

        record Newer(NewerRecordException cause) implements Result {}

        record Interrupted() implements Result {}

        /** What settles it is known, and whose the record is, is not. */
        record Doubtful() implements Result {}
    }

    AssignedPartition partition() {
        return partition;
    }

    long offset() {
        return record.offset();
    }

    Result result() {
        return result;
    }

    /** Handles the record, from the beginning. */
    void start() {
        way.set(Way.BREAKABLE);
        thread = Thread.startVirtualThread(this::handle);
    }

    /** Writes once more what settles it. */
    void sendAgain() {
        thread = Thread.startVirtualThread(this::renewAndSend);
    }

    boolean isToBeSentAgain() {
        return result instanceof Result.Unsent || result instanceof Result.Doubtful;
    }

    /** Breaks the handler off, unless it has passed the point of no return. */
    void breakOff() {
        if (way.compareAndSet(Way.BREAKABLE, Way.BROKEN_OFF)) {
            interrupt();
        }
    }

    @Override
    public void pass() throws InterruptedException {
        awaitLease();
        if (!lease.isHeld() || partition.isLost() || Thread.interrupted() || !passes()) {
            throw new InterruptedException("the record may be somebody else's by now");
        }
    }

    /** The loop's next commit tells. */
    private void awaitLease() throws InterruptedException {
        long until = System.nanoTime() + DOUBT.toNanos();
        while (!lease.isHeld() && !partition.isLost() && System.nanoTime() - until < 0) {
            Thread.sleep(LOOK);
        }
    }

    /** More than once where an attempt comes to more than one final dot. */
    private boolean passes() {
        return way.compareAndSet(Way.BREAKABLE, Way.NO_RETURN) || way.get() == Way.NO_RETURN;
    }

    /** Breaks it off wherever it is. */
    void interrupt() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void handle() {
        Result end;
        try {
            settle();
            end = null;
        } catch (PartUnavailableException e) {
            end = new Result.Unavailable(e);
        } catch (NewerRecordException e) {
            end = new Result.Newer(e);
        } catch (InterruptedException e) {
            end = new Result.Interrupted();
        } catch (Throwable e) {
            end = new Result.Unexpected(e);
        }
        if (end == null) {
            sendWhenOurs();
        } else {
            finish(end);
        }
    }

    private void settle()
            throws NewerRecordException, PartUnavailableException, InterruptedException {
        QueuedRecord queued;
        try {
            queued = Records.decode(record);
        } catch (UnreadableRecordException e) {
            bury(Optional.empty(), String.valueOf(e.getMessage()));
            return;
        }
        if (condemned) {
            bury(Optional.of(queued.content()), KILLER);
            return;
        }
        switch (PointOfNoReturn.guarded(this, handler, queued)) {
            case Settlement.Settled(var records) -> settleBy(records);
            case Settlement.Poison(String reason) -> bury(Optional.of(queued.content()), reason);
        }
    }

    private void settleBy(List<OutgoingRecord> records) {
        outgoing = records;
        outgoingAt = System.nanoTime();
        settlement = EncodedRecord.of(records);
    }

    /** An attempt is not made again for a broker that was away; its bodies are kept for it. */
    private void renewAndSend() {
        if (!outgoing.isEmpty() && graveyard.isStale(System.nanoTime() - outgoingAt)) {
            try {
                settleBy(graveyard.withRenewedBodies(outgoing));
            } catch (PartUnavailableException | InterruptedException e) {
                finish(new Result.Unsent(e));
                return;
            }
        }
        send();
    }

    private void bury(Optional<MailRecord> content, String reason)
            throws PartUnavailableException, InterruptedException {
        settlement = List.of(graveyard.letter(record, content, reason));
        deathCause = reason;
    }

    private void sendWhenOurs() {
        // The handler may have been broken off and have settled all the same.
        boolean _ = Thread.interrupted();
        try {
            awaitLease();
        } catch (InterruptedException e) {
            LOG.debug("{} is settled without waiting", this, e);
        }
        send();
    }

    private void send() {
        // The handler may have been broken off and have settled all the same.
        way.compareAndSet(Way.BREAKABLE, Way.NO_RETURN);
        boolean _ = Thread.interrupted();
        if (partition.isLost()) {
            // Somebody else handles it now; what he writes counts.
            finish(new Result.Interrupted());
        } else if (!lease.isHeld()) {
            finish(new Result.Doubtful());
        } else if (settlement.isEmpty()) {
            finish(new Result.Settled());
        } else {
            sender.send(settlement, this::sent);
        }
    }

    private void sent(RecordSender.Sending sending) {
        Exception error = sending.error();
        if (error != null) {
            finish(new Result.Unsent(error));
        } else if (deathCause.isEmpty()) {
            finish(new Result.Settled());
        } else {
            finish(new Result.Buried(deathCause));
        }
    }

    private void finish(Result end) {
        thread = null;
        result = end;
        finished.add(this);
    }

    /** Where the record stands, for the log. */
    @Override
    public String toString() {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }
}
