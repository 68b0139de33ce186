package posthaste.queue.kafka;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.NewerRecordException;
import posthaste.mail.record.UnreadableRecordException;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueuedRecord;
import posthaste.queue.RecordHandler;
import posthaste.queue.Settlement;

/**
 * One record being handled: on a virtual thread of its own until there is a settlement, then in the
 * producer until that is durable. Each step ends with a {@link Result} for the loop, which alone
 * decides what is next.
 */
final class Delivery {
    private final AssignedPartition partition;
    private final ConsumerRecord<byte[], byte[]> record;
    private final RecordHandler handler;
    private final RecordSender sender;
    private final Graveyard graveyard;
    private final Queue<Delivery> finished;

    /** What settles it, once that is known. */
    private volatile List<EncodedRecord> settlement = List.of();

    private volatile boolean poison;
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

    Delivery(
            AssignedPartition partition,
            ConsumerRecord<byte[], byte[]> record,
            RecordHandler handler,
            RecordSender sender,
            Graveyard graveyard,
            Queue<Delivery> finished) {
        this.partition = partition;
        this.record = record;
        this.handler = handler;
        this.sender = sender;
        this.graveyard = graveyard;
        this.finished = finished;
    }

    /** How a step ended. */
    sealed interface Result {
        /** What settles it is durable. */
        record Settled(boolean poison) implements Result {}

        /** What settles it could not be written, as far as is known. */
        record Unsent(Exception cause) implements Result {}

        record Unavailable(PartUnavailableException cause) implements Result {}

        record Unexpected(Throwable cause) implements Result {}

        record Newer(NewerRecordException cause) implements Result {}

        record Interrupted() implements Result {}
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
        thread = Thread.startVirtualThread(this::handle);
    }

    /** Writes once more what settles it. */
    void sendAgain() {
        thread = Thread.startVirtualThread(this::send);
    }

    boolean isToBeSentAgain() {
        return result instanceof Result.Unsent;
    }

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
            send();
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
        switch (handler.handle(queued)) {
            case Settlement.Settled(var records) -> settlement = EncodedRecord.of(records);
            case Settlement.Poison(String reason) -> bury(Optional.of(queued.content()), reason);
        }
    }

    private void bury(Optional<MailRecord> content, String reason)
            throws PartUnavailableException, InterruptedException {
        settlement = List.of(graveyard.letter(record, content, reason));
        poison = true;
    }

    private void send() {
        // The handler may have been broken off and have settled all the same.
        boolean _ = Thread.interrupted();
        if (partition.isLost()) {
            // Somebody else handles it now; what he writes counts.
            finish(new Result.Interrupted());
        } else if (settlement.isEmpty()) {
            finish(new Result.Settled(false));
        } else {
            sender.send(settlement, this::sent);
        }
    }

    private void sent(RecordSender.Sending sending) {
        Exception error = sending.error();
        finish(error == null ? new Result.Settled(poison) : new Result.Unsent(error));
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
