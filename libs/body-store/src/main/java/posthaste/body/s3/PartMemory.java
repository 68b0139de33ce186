package posthaste.body.s3;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import posthaste.body.MemoryBudget;
import posthaste.body.StoreUnavailableException;

/**
 * Memory for parts of large bodies, each taken whole. It comes out of the budget, of which parts
 * take half at most, so that small bodies get through beside large ones.
 *
 * <p>Who wants a part holds memory already, and may not wait for the budget therefore. So a few
 * parts stand apart from it: when the budget gives nothing they go from hand to hand, and however
 * many large bodies come at once, some of them always proceed.
 */
final class PartMemory {
    /** Bounded, small beside any heap, and enough that one slow client holds up nobody. */
    static final int APART = 2;

    /** How often who waits for a part looks whether the budget has memory again. */
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(50);

    private final MemoryBudget budget;
    private final int partSize;
    private final long most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition returned = lock.newCondition();

    /** First come, first served. */
    private final Deque<Long> waiting = new ArrayDeque<>();

    private final Deque<byte[]> apart = new ArrayDeque<>();
    private long lastTicket;
    private int madeApart;
    private int ofBudget;

    /** A part that is being filled. */
    final class Part implements AutoCloseable {
        private final boolean isOfBudget;
        private final byte[] bytes;
        private int length;
        private boolean closed;

        private Part(byte[] bytes, boolean isOfBudget) {
            this.bytes = bytes;
            this.isOfBudget = isOfBudget;
        }

        /** Takes as much of {@code from} as it has room for. */
        void fill(ByteBuffer from) {
            int count = Math.min(from.remaining(), bytes.length - length);
            from.get(bytes, length, count);
            length += count;
        }

        boolean isFull() {
            return length == bytes.length;
        }

        ByteBuffer content() {
            return ByteBuffer.wrap(bytes, 0, length);
        }

        /** Gives the memory back. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                giveBack(this);
            }
        }
    }

    PartMemory(MemoryBudget budget, int partSize) {
        this.budget = budget;
        this.partSize = partSize;
        this.most = budget.size() / 2 / partSize;
    }

    /**
     * Takes a part, waiting for others to be uploaded.
     *
     * @throws StoreUnavailableException when none is free in time
     */
    Part take(Duration wait) throws StoreUnavailableException, InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        lock.lockInterruptibly();
        Long me = ++lastTicket;
        try {
            waiting.add(me);
            @Nullable Part part = takeWhenFirst(me);
            while (part == null) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new StoreUnavailableException(
                            "no memory for a part of a large body within " + wait);
                }
                returned.awaitNanos(Math.min(left, LOOK));
                part = takeWhenFirst(me);
            }
            return part;
        } finally {
            waiting.remove(me);
            returned.signalAll();
            lock.unlock();
        }
    }

    private @Nullable Part takeWhenFirst(Long ticket) {
        return ticket.equals(waiting.peek()) ? takeNow() : null;
    }

    private @Nullable Part takeNow() {
        if (ofBudget < most && budget.tryAcquire(partSize)) {
            ofBudget++;
            return new Part(new byte[partSize], true);
        }
        byte[] free = apart.poll();
        if (free == null && madeApart < APART) {
            madeApart++;
            free = new byte[partSize];
        }
        return free == null ? null : new Part(free, false);
    }

    private void giveBack(Part part) {
        lock.lock();
        try {
            if (part.isOfBudget) {
                ofBudget--;
                budget.release(partSize);
            } else {
                apart.push(part.bytes);
            }
            returned.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
