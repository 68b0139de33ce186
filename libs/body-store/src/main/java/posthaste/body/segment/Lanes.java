package posthaste.body.segment;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is written together, and when: group commit as a state machine without threads or
 * clock of its own.
 *
 * <p>While a lane flushes, what comes in gathers for its next batch, so batches grow with load. The
 * next lane takes part only while the ones before it are behind: a full batch waits, or their flush
 * has taken too long (a disk that hangs). Not safe for threads.
 *
 * @param <E> what is written
 */
public final class Lanes<E> {
    private final long batchBytes;
    private final long patience;
    private final Deque<Waiting<E>> waiting = new ArrayDeque<>();
    private final long[] busySince;
    private final boolean[] busy;
    private long waitingBytes;

    /** What {@code lane} shall write now and then report by {@link Lanes#settled}. */
    public record Batch<E>(int lane, List<E> entries) {}

    private record Waiting<E>(E entry, long bytes) {}

    /**
     * Without work.
     *
     * @param count of lanes at most
     * @param batchBytes above which no more is added to a batch
     * @param patience how long a flush may take before the next lane steps in
     */
    public Lanes(int count, long batchBytes, Duration patience) {
        this.batchBytes = batchBytes;
        this.patience = patience.toNanos();
        this.busySince = new long[count];
        this.busy = new boolean[count];
    }

    /** Something is to be written. Returns what is to be started therefore, if anything. */
    public @Nullable Batch<E> offer(E entry, long bytes, long nanoTime) {
        waiting.add(new Waiting<>(entry, bytes));
        waitingBytes += bytes;
        return next(nanoTime);
    }

    /** A batch is done, or has failed. Returns what is to be started next, if anything. */
    public @Nullable Batch<E> settled(int lane, long nanoTime) {
        busy[lane] = false;
        return next(nanoTime);
    }

    /** A batch that was not begun yet, with what waits now added as far as it has room. */
    public Batch<E> topUp(Batch<E> batch, ToLongFunction<E> bytes) {
        List<E> entries = new ArrayList<>(batch.entries());
        take(entries, entries.stream().mapToLong(bytes).sum());
        return new Batch<>(batch.lane(), entries);
    }

    /** Whether it has no room for more, or what waits already takes it. */
    public boolean isFull(Batch<E> batch, ToLongFunction<E> bytes) {
        return batch.entries().stream().mapToLong(bytes).sum() + waitingBytes >= batchBytes;
    }

    /** What is to be started, if anything: to be asked when something has been waiting for long. */
    public @Nullable Batch<E> next(long nanoTime) {
        if (waiting.isEmpty()) {
            return null;
        }
        for (int lane = 0; lane < busy.length; lane++) {
            if (!busy[lane]) {
                busy[lane] = true;
                busySince[lane] = nanoTime;
                return new Batch<>(lane, take());
            }
            boolean behind = nanoTime - busySince[lane] >= patience || waitingBytes >= batchBytes;
            if (!behind) {
                return null;
            }
        }
        return null;
    }

    /** Gives up on an entry; false when it is being written already, or is done. */
    public boolean withdraw(E entry) {
        for (Waiting<E> one : waiting) {
            if (one.entry.equals(entry)) {
                waitingBytes -= one.bytes;
                return waiting.remove(one);
            }
        }
        return false;
    }

    /** Entries that no lane has taken yet. */
    public int waiting() {
        return waiting.size();
    }

    /** Whether nothing waits and no lane is busy. */
    public boolean isIdle() {
        for (boolean one : busy) {
            if (one) {
                return false;
            }
        }
        return waiting.isEmpty();
    }

    private List<E> take() {
        List<E> batch = new ArrayList<>(waiting.size());
        take(batch, 0);
        return batch;
    }

    private void take(List<E> batch, long bytesInIt) {
        long bytes = bytesInIt;
        while (!waiting.isEmpty() && (batch.isEmpty() || bytes < batchBytes)) {
            Waiting<E> one = waiting.remove();
            bytes += one.bytes;
            waitingBytes -= one.bytes;
            batch.add(one.entry);
        }
    }
}
