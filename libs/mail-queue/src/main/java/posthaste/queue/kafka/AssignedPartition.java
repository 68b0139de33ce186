package posthaste.queue.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import posthaste.queue.ledger.OffsetLedger;
import posthaste.queue.tiers.WaitingHead;

/**
 * One partition during one assignment. The object is the epoch: what was started for an assignment
 * that is lost finds it marked so, whoever has the partition now. The loop's thread alone uses it,
 * but for {@link #isLost()}.
 */
final class AssignedPartition {
    /** Of records that are kept ready; beyond it no more are read. */
    private static final long BACKLOG_BYTES = 1024 * 1024;

    private final TopicPartition topicPartition;
    private final WaitingHead head;
    private final Deque<ConsumerRecord<byte[], byte[]>> backlog = new ArrayDeque<>();
    private long backlogBytes;
    private @Nullable OffsetLedger ledger;
    private boolean continues;
    private long aloneAt = -1;
    private long committedVersion = -1;
    private volatile boolean lost;

    /** Whether a record of a newer version stands before the rest. */
    boolean newer;

    /** Whether it is being given up: nothing begins any more. */
    boolean leaving;

    boolean paused = true;

    AssignedPartition(TopicPartition topicPartition, WaitingHead head) {
        this.topicPartition = topicPartition;
        this.head = head;
    }

    TopicPartition topicPartition() {
        return topicPartition;
    }

    String topic() {
        return topicPartition.topic();
    }

    /** Whether its committed offset is known, so that reading can begin. */
    boolean isReady() {
        return ledger != null;
    }

    /** Reads from where the log begins, wherever that is. */
    void begin(OffsetLedger fresh) {
        ledger = fresh;
    }

    /** Reads on from a committed offset. */
    void goOn(OffsetLedger restored) {
        ledger = restored;
        continues = true;
    }

    /** Whether the next record is known to follow the last one, so that none may be missing. */
    boolean continues() {
        return continues;
    }

    /** Whether a commit says that it is ours, so that records may be started. */
    boolean isTakenOver() {
        return committedVersion >= 0;
    }

    /** Notes that a commit with what was suspected then is durable. */
    void committed(long suspectsVersion) {
        committedVersion = Math.max(committedVersion, suspectsVersion);
    }

    /** Whether what was suspected then is durable. */
    boolean hasCommitted(long suspectsVersion) {
        return committedVersion >= suspectsVersion;
    }

    /** Once {@link #isReady()}. */
    OffsetLedger ledger() {
        OffsetLedger known = ledger;
        if (known == null) {
            throw new IllegalStateException(topicPartition + " is not read yet");
        }
        return known;
    }

    /** Adds what was read; before it is known where to begin, that is to be read again. */
    void gather(List<ConsumerRecord<byte[], byte[]>> records) {
        if (isReady()) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                backlog.add(record);
                backlogBytes += record.serializedValueSize();
            }
        }
    }

    List<ConsumerRecord<byte[], byte[]>> backlog() {
        return List.copyOf(backlog);
    }

    /** Takes the next record out of the backlog. */
    ConsumerRecord<byte[], byte[]> next() {
        ConsumerRecord<byte[], byte[]> next = backlog.remove();
        backlogBytes -= next.serializedValueSize();
        return next;
    }

    /** How long the next record waits until it is due; zero also where there is none. */
    Duration headWaits() {
        ConsumerRecord<byte[], byte[]> next = backlog.peek();
        return next == null
                ? Duration.ZERO
                : head.remaining(next.offset(), Instant.ofEpochMilli(next.timestamp()));
    }

    /** Whether the next record may be taken, as far as this partition is concerned. */
    boolean mayTake() {
        ConsumerRecord<byte[], byte[]> next = backlog.peek();
        return next != null
                && ledger != null
                && !newer
                && !leaving
                && ledger.hasRoomFor(next.offset())
                && headWaits().isZero();
    }

    /** Of the record that is next; only when there is one. */
    long nextOffset() {
        return backlog.element().offset();
    }

    boolean hasBacklog() {
        return !backlog.isEmpty();
    }

    boolean ledgerHasChanged() {
        return ledger != null && ledger.hasChanged();
    }

    /**
     * Whether more records are wanted.
     *
     * @param high how many it keeps ready; once paused it asks again at half of them
     */
    boolean wantsRecords(int high) {
        return isReady()
                && !newer
                && !leaving
                && backlog.size() < (paused ? Math.ceilDiv(high, 2) : high)
                && backlogBytes < BACKLOG_BYTES
                && headWaits().isZero();
    }

    /**
     * Forgets the records behind the head.
     *
     * @return whether there may have been any, here or fetched already
     */
    boolean keepHeadAlone() {
        ConsumerRecord<byte[], byte[]> head = backlog.element();
        if (head.offset() == aloneAt) {
            return false;
        }
        forgetBacklog();
        gather(List.of(head));
        aloneAt = head.offset();
        return true;
    }

    /** Whether anyone else may have the partition by now. Any thread may ask. */
    boolean isLost() {
        return lost;
    }

    void lose() {
        lost = true;
        forgetBacklog();
    }

    private void forgetBacklog() {
        backlog.clear();
        backlogBytes = 0;
    }
}
