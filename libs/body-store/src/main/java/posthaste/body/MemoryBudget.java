package posthaste.body;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The one budget for bytes of bodies in memory, shared by sessions, uploads, cache and attempts
 * (DESIGN 3, invariant 5). First come, first served.
 */
public final class MemoryBudget {
    /** Counted in pages, so that a budget of terabytes fits a semaphore. */
    static final int PAGE = 1024;

    private final int pages;
    private final Semaphore free;

    /**
     * Takes its size from configuration.
     *
     * @param bytes at least one page of {@value #PAGE} bytes
     */
    public MemoryBudget(long bytes) {
        long whole = bytes / PAGE;
        if (whole < 1 || whole > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a memory budget of " + bytes + " bytes");
        }
        this.pages = (int) whole;
        this.free = new Semaphore(pages, true);
    }

    /** A share of the heap that this process may grow to. */
    public static MemoryBudget shareOfHeap(double share) {
        return new MemoryBudget((long) (Runtime.getRuntime().maxMemory() * share));
    }

    /**
     * Takes memory, waiting for others to give theirs back.
     *
     * @throws BudgetExhaustedException when it is not there in time, or is more than the whole
     *     budget
     */
    public void acquire(long bytes, Duration wait)
            throws BudgetExhaustedException, InterruptedException {
        int wanted = pagesFor(bytes);
        if (wanted > pages || !free.tryAcquire(wanted, wait.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new BudgetExhaustedException(
                    "no memory for " + bytes + " bytes of a body within " + wait);
        }
    }

    /** Takes memory only if it is free now and nobody waits. */
    public boolean tryAcquire(long bytes) {
        try {
            int wanted = pagesFor(bytes);
            // Unlike the barging tryAcquire(), a timed one of zero respects the queue.
            return wanted <= pages && free.tryAcquire(wanted, 0, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Gives back what one {@code acquire} of the same number of bytes took. */
    public void release(long bytes) {
        free.release(pagesFor(bytes));
    }

    /** Bytes in all. */
    public long size() {
        return (long) pages * PAGE;
    }

    /** Bytes taken now. */
    public long used() {
        return (long) (pages - free.availablePermits()) * PAGE;
    }

    private static int pagesFor(long bytes) {
        return Math.toIntExact(Math.min(Integer.MAX_VALUE, (bytes + PAGE - 1) / PAGE));
    }
}
