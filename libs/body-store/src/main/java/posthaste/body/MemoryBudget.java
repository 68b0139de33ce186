package posthaste.body;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one budget for bytes of bodies in memory, shared by sessions, uploads, cache and attempts
 * (DESIGN 3, invariant 5).
 *
 * <p>First come, first served: whoever wants much is not overtaken by those who want little, so
 * nobody starves. What a waiter can hold up is bounded by what it wants, hence nobody should want
 * more than a small body at once. Who already holds memory should take more by {@link #tryAcquire}
 * only and do without when there is none: waiting while holding is how all could end up waiting for
 * each other.
 */
public final class MemoryBudget {
    /** Counted in pages, so that a budget of terabytes fits a semaphore. */
    static final int PAGE = 1024;

    private final int pages;
    private final Semaphore free;
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<Lender> lenders = new CopyOnWriteArrayList<>();

    /** Who holds memory that it can do without, like a cache. */
    @FunctionalInterface
    public interface Lender {

        /** Releases about this many bytes to the budget, or as many as it has, at once. */
        void giveBack(long bytes);
    }

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

    /** From now on {@code lender} is asked before anyone has to wait. */
    public void lendBy(Lender lender) {
        lenders.add(lender);
    }

    /** Asks {@code lender} no more. */
    public void endLending(Lender lender) {
        lenders.remove(lender);
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
        if (wanted > pages || !(take(wanted, 0) || takeFromLenders(wanted, wait.toNanos()))) {
            throw new BudgetExhaustedException(
                    "no memory for " + bytes + " bytes of a body within " + wait);
        }
    }

    /**
     * Takes memory only if it is free now, or a cache gives it up at once, and nobody waits for it.
     */
    public boolean tryAcquire(long bytes) {
        try {
            int wanted = pagesFor(bytes);
            return wanted <= pages && (take(wanted, 0) || takeFromLenders(wanted, 0));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Gives back what one {@code acquire} of the same number of bytes took. */
    public void release(long bytes) {
        free.release(pagesFor(bytes));
        if (free.availablePermits() > pages) {
            throw new IllegalStateException("more memory was given back than taken");
        }
    }

    /**
     * Whether someone waits now. A lender that keeps memory instead of releasing it looks here
     * <em>after</em> it has put it where {@link Lender#giveBack} finds it; so either it sees the
     * one who waits, or that one's request finds the memory.
     */
    public boolean isShort() {
        return waiting.get() > 0;
    }

    /** Bytes in all. */
    public long size() {
        return (long) pages * PAGE;
    }

    /** Bytes taken now. */
    public long used() {
        return (long) (pages - free.availablePermits()) * PAGE;
    }

    /** What is taken of a budget for so many bytes. */
    public static long costOf(long bytes) {
        return (long) pagesFor(bytes) * PAGE;
    }

    private boolean takeFromLenders(int wanted, long nanos) throws InterruptedException {
        waiting.incrementAndGet();
        try {
            for (Lender lender : lenders) {
                lender.giveBack((long) wanted * PAGE);
            }
            return take(wanted, nanos);
        } finally {
            waiting.decrementAndGet();
        }
    }

    /**
     * Unlike the barging {@code tryAcquire()}, the timed one respects the queue, also with zero.
     */
    private boolean take(int wanted, long nanos) throws InterruptedException {
        return free.tryAcquire(wanted, nanos, TimeUnit.NANOSECONDS);
    }

    private static int pagesFor(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a negative amount of memory: " + bytes);
        }
        return Math.toIntExact(Math.min(Integer.MAX_VALUE, (bytes + PAGE - 1) / PAGE));
    }
}
