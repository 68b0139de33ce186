package posthaste.body.segment;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import posthaste.body.StoreUnavailableException;
import posthaste.body.buffer.SmallBody;
import posthaste.mail.record.BodyRef;

/**
 * Runs {@link Lanes}: brings those who commit together with the threads that flush. Who commits
 * never does I/O itself and waits no longer than it said, also when a disk hangs.
 */
public final class GroupCommit {
    private final Flusher flusher;
    private final Executor threads;
    private final long patience;
    private final long gather;
    private final int company;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Lanes<Commit> lanes;
    private int lastBatch = 1;
    private boolean closed;

    /**
     * Takes what flushes. A flush waits until its eldest body has waited for {@code gather}, where
     * it has company and room: {@code company} bodies in this batch or in the one before. Fewer
     * would wait for nobody.
     *
     * @param threads runs as many flushes at once as there are lanes, without queueing them
     */
    public GroupCommit(
            Flusher flusher,
            Executor threads,
            int lanes,
            long batchBytes,
            Duration patience,
            Duration gather,
            int company) {
        this.flusher = flusher;
        this.threads = threads;
        this.patience = patience.toNanos();
        this.gather = gather.toNanos();
        this.company = company;
        this.lanes = new Lanes<>(lanes, batchBytes, patience);
    }

    /**
     * Waits until a body is durable.
     *
     * @throws StoreUnavailableException when it could not be stored, or not within the deadline
     */
    public BodyRef commit(SmallBody body, Duration deadline)
            throws StoreUnavailableException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        // Here, where it costs this mail alone, and not a whole batch.
        SegmentFormat.requireFits(
                body.mailId().getBytes(StandardCharsets.UTF_8).length, body.envelope().remaining());
        long start = System.nanoTime();
        Commit commit = new Commit(body, Thread.currentThread(), start);
        offer(commit, start);
        while (commit.isPending()) {
            long waited = System.nanoTime() - start;
            if (waited >= deadline.toNanos()) {
                withdraw(commit);
                if (commit.isPending()) {
                    throw new StoreUnavailableException("not stored within " + deadline);
                }
            } else if (Thread.interrupted()) {
                withdraw(commit);
                throw new InterruptedException();
            } else {
                if (waited >= patience) {
                    startNext();
                }
                LockSupport.parkNanos(this, Math.min(patience, deadline.toNanos() - waited));
            }
        }
        return commit.result();
    }

    /** Bodies that wait for a lane. */
    public int waiting() {
        lock.lock();
        try {
            return lanes.waiting();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more, and waits for what was taken. */
    public void close(Duration wait) throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            long left = wait.toNanos();
            while (left > 0 && !lanes.isIdle()) {
                left = idle.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void offer(Commit commit, long now) throws StoreUnavailableException {
        Lanes.@Nullable Batch<Commit> batch;
        lock.lock();
        try {
            if (closed) {
                throw new StoreUnavailableException("the body store is closed");
            }
            commit.body.bytes().retain();
            batch = lanes.offer(commit, commit.body.bytes().length(), now);
        } finally {
            lock.unlock();
        }
        start(batch);
    }

    private void startNext() {
        Lanes.@Nullable Batch<Commit> batch;
        lock.lock();
        try {
            batch = lanes.next(System.nanoTime());
        } finally {
            lock.unlock();
        }
        start(batch);
    }

    private void start(Lanes.@Nullable Batch<Commit> batch) {
        if (batch == null) {
            return;
        }
        try {
            threads.execute(() -> run(batch));
        } catch (RejectedExecutionException e) {
            StoreUnavailableException closing =
                    new StoreUnavailableException("the body store is closed", e);
            for (Lanes.@Nullable Batch<Commit> next = batch; next != null; ) {
                fail(next, closing);
                next = settle(next.lane());
            }
        }
    }

    /** Flushes until nothing waits any longer. */
    private void run(Lanes.Batch<Commit> first) {
        Lanes.@Nullable Batch<Commit> batch = first;
        while (batch != null) {
            flush(gathered(batch));
            batch = settle(batch.lane());
        }
    }

    /** What was taken, and what came while it waited for others to come. */
    private Lanes.Batch<Commit> gathered(Lanes.Batch<Commit> batch) {
        if (gather == 0) {
            return batch;
        }
        long left = batch.entries().getFirst().start + gather - System.nanoTime();
        if (left > 0 && paysToWait(batch)) {
            LockSupport.parkNanos(this, left);
        }
        lock.lock();
        try {
            Lanes.Batch<Commit> all = lanes.topUp(batch, commit -> commit.body.bytes().length());
            lastBatch = all.entries().size();
            return all;
        } finally {
            lock.unlock();
        }
    }

    private boolean paysToWait(Lanes.Batch<Commit> batch) {
        lock.lock();
        try {
            return Math.max(lastBatch, batch.entries().size() + lanes.waiting()) >= company
                    && !lanes.isFull(batch, commit -> commit.body.bytes().length());
        } finally {
            lock.unlock();
        }
    }

    private void flush(Lanes.Batch<Commit> batch) {
        try {
            List<SmallBody> bodies = batch.entries().stream().map(commit -> commit.body).toList();
            List<BodyRef> refs = flusher.flush(batch.lane(), bodies);
            for (int i = 0; i < refs.size(); i++) {
                batch.entries().get(i).stored(refs.get(i));
            }
        } catch (StoreUnavailableException e) {
            fail(batch, e);
        } catch (RuntimeException | Error e) {
            // The lane has to live on; the sessions tell their clients and log the cause.
            fail(batch, new StoreUnavailableException("storing failed unexpectedly", e));
        }
    }

    private static void fail(Lanes.Batch<Commit> batch, StoreUnavailableException cause) {
        batch.entries().forEach(commit -> commit.failed(cause));
    }

    private Lanes.@Nullable Batch<Commit> settle(int lane) {
        lock.lock();
        try {
            Lanes.@Nullable Batch<Commit> next = lanes.settled(lane, System.nanoTime());
            if (lanes.isIdle()) {
                idle.signalAll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void withdraw(Commit commit) {
        boolean withdrawn;
        lock.lock();
        try {
            withdrawn = lanes.withdraw(commit);
        } finally {
            lock.unlock();
        }
        if (withdrawn) {
            commit.body.bytes().release();
        }
    }

    /** One body, the thread that waits for it, and what became of it. */
    private static final class Commit {
        private final SmallBody body;
        private final Thread committer;
        private final long start;
        private volatile @Nullable BodyRef ref;
        private volatile @Nullable StoreUnavailableException failure;

        Commit(SmallBody body, Thread committer, long start) {
            this.body = body;
            this.committer = committer;
            this.start = start;
        }

        boolean isPending() {
            return ref == null && failure == null;
        }

        void stored(BodyRef where) {
            ref = where;
            settled();
        }

        void failed(StoreUnavailableException cause) {
            failure = cause;
            settled();
        }

        BodyRef result() throws StoreUnavailableException {
            BodyRef where = ref;
            if (where == null) {
                StoreUnavailableException cause = requireNonNull(failure);
                throw new StoreUnavailableException(
                        "the body was not stored: " + cause.getMessage(), cause);
            }
            return where;
        }

        private void settled() {
            body.bytes().release();
            LockSupport.unpark(committer);
        }
    }
}
