package posthaste.body.file;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import posthaste.body.StoreUnavailableException;

/**
 * Threads that wait for one disk, so that nobody else does: file I/O would hold the carriers of
 * virtual threads, and a disk that hangs would hold all of them.
 */
final class DiskThreads implements AutoCloseable {
    private static final int THREADS = 8;
    private static final int QUEUE = 4096;

    private final ThreadPoolExecutor threads;

    /** Something to do with files. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    DiskThreads(String name) {
        threads =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        30,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(QUEUE),
                        Thread.ofPlatform().daemon().name("disk-" + name + '-', 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Has work done and waits for it.
     *
     * @param late gets the result when nobody waits for it any more
     * @throws IOException when the work failed
     * @throws StoreUnavailableException when it was not done in time
     */
    <T> T call(Duration wait, Work<T> work, Consumer<T> late)
            throws IOException, StoreUnavailableException, InterruptedException {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        try {
            threads.execute(() -> run(work, outcome, late));
        } catch (RejectedExecutionException e) {
            throw new StoreUnavailableException("too much waits for the disk", e);
        }
        try {
            return outcome.get(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new StoreUnavailableException("reading or writing failed unexpectedly", e);
        } catch (TimeoutException e) {
            abandon(outcome, late);
            throw new StoreUnavailableException("the disk did not answer within " + wait, e);
        } catch (InterruptedException e) {
            abandon(outcome, late);
            throw e;
        }
    }

    /** Has work done some time, without waiting for it; failures are the work's own business. */
    void later(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            // Full because the disk hangs, or closed: whoever asks can bear a delay, and no loss.
            Thread.ofPlatform().daemon().name("disk-late").start(work);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }

    private static <T> void run(Work<T> work, CompletableFuture<T> outcome, Consumer<T> late) {
        if (outcome.isDone()) {
            return;
        }
        try {
            T result = work.run();
            if (!outcome.complete(result)) {
                late.accept(result);
            }
        } catch (Throwable e) {
            outcome.completeExceptionally(e);
        }
    }

    private static <T> void abandon(CompletableFuture<T> outcome, Consumer<T> late) {
        if (!outcome.cancel(false) && !outcome.isCompletedExceptionally()) {
            late.accept(outcome.join());
        }
    }
}
