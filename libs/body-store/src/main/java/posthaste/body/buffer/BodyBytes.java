package posthaste.body.buffer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.MemoryBudget;

/**
 * Bytes of a body in memory that was taken from the budget.
 *
 * <p>One thread appends; from then on it is only read, by as many as {@link #retain} it: the one
 * who wrote it, the lane that makes it durable, the cache, the attempts. The memory goes back to
 * the budget when the last of them has let go. So nothing has to be copied when a body changes
 * hands, and a write that hangs keeps what it reads from.
 */
public final class BodyBytes {
    /** Holds a mail of the usual size in one piece. */
    static final int FIRST_CHUNK = 16 * 1024;

    private final MemoryBudget budget;
    private final AtomicInteger holders = new AtomicInteger(1);
    private final List<byte[]> chunks = new ArrayList<>(4);
    private int capacity;
    private int length;

    /** Empty, held by the caller, and without memory until something is appended. */
    public BodyBytes(MemoryBudget budget) {
        this.budget = budget;
    }

    /**
     * Takes memory for {@code length} bytes at once, which are then to be put into {@link #views}.
     */
    public static BodyBytes ofLength(MemoryBudget budget, int length, Duration wait)
            throws BudgetExhaustedException, InterruptedException {
        BodyBytes bytes = new BodyBytes(budget);
        if (length > 0) {
            budget.acquire(length, wait);
            bytes.add(new byte[length]);
            bytes.length = length;
        }
        return bytes;
    }

    /**
     * Appends up to {@code limit} bytes in all, as far as there is memory. Waits for memory only if
     * it has none yet: who waited while holding some could wait for others that do the same.
     *
     * @return how many bytes were taken; fewer than {@code count} when the limit is reached, or
     *     memory is short and what is here should be written away first
     */
    public int append(byte[] source, int offset, int count, int limit, Duration wait)
            throws BudgetExhaustedException, InterruptedException {
        int taken = 0;
        while (taken < count && length < limit) {
            if (length == capacity && !grow(limit, wait)) {
                break;
            }
            byte[] last = chunks.get(chunkAt(length));
            int at = length - startOf(chunkAt(length));
            int n = Math.min(Math.min(count - taken, last.length - at), limit - length);
            System.arraycopy(source, offset + taken, last, at, n);
            length += n;
            taken += n;
        }
        return taken;
    }

    /** Forgets the content and gives back all memory beyond about {@code keep} bytes. */
    public void reset(int keep) {
        while (chunks.size() > 1 && capacity > keep) {
            byte[] last = chunks.removeLast();
            capacity -= last.length;
            budget.release(last.length);
        }
        length = 0;
    }

    /** In bytes. */
    public int length() {
        return length;
    }

    /** Bytes of the budget that it takes. */
    public int memory() {
        int memory = 0;
        for (byte[] chunk : chunks) {
            memory += (int) MemoryBudget.costOf(chunk.length);
        }
        return memory;
    }

    /** The content in order, to be read (or filled after {@link #ofLength}); not copied. */
    public List<ByteBuffer> views() {
        List<ByteBuffer> views = new ArrayList<>(chunks.size());
        int left = length;
        for (byte[] chunk : chunks) {
            if (left == 0) {
                break;
            }
            int n = Math.min(left, chunk.length);
            views.add(ByteBuffer.wrap(chunk, 0, n));
            left -= n;
        }
        return views;
    }

    /** Copies the content out. */
    public void writeTo(OutputStream out) throws IOException {
        for (ByteBuffer view : views()) {
            out.write(view.array(), view.arrayOffset(), view.remaining());
        }
    }

    /** CRC-32C of the content. */
    public int crc32c() {
        CRC32C crc = new CRC32C();
        views().forEach(crc::update);
        return (int) crc.getValue();
    }

    /**
     * Becomes one more holder.
     *
     * @return false when the last one has let go already
     */
    public boolean retain() {
        int now;
        do {
            now = holders.get();
            if (now == 0) {
                return false;
            }
        } while (!holders.compareAndSet(now, now + 1));
        return true;
    }

    /**
     * Lets go; to be called once by each holder.
     *
     * @return the bytes of memory that this gave back to the budget: none while others hold on
     */
    public int release() {
        int left = holders.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("released more often than held");
        }
        if (left > 0) {
            return 0;
        }
        int given = memory();
        for (byte[] chunk : chunks) {
            budget.release(chunk.length);
        }
        chunks.clear();
        capacity = 0;
        length = 0;
        return given;
    }

    private boolean grow(int limit, Duration wait)
            throws BudgetExhaustedException, InterruptedException {
        // Doubles, so that a large body has few chunks.
        int size = Math.min(Math.max(capacity, FIRST_CHUNK), limit - capacity);
        if (capacity == 0) {
            budget.acquire(size, wait);
        } else if (!budget.tryAcquire(size)) {
            return false;
        }
        add(new byte[size]);
        return true;
    }

    private void add(byte[] chunk) {
        chunks.add(chunk);
        capacity += chunk.length;
    }

    private int chunkAt(int position) {
        int chunk = 0;
        int end = chunks.getFirst().length;
        while (position >= end) {
            chunk++;
            end += chunks.get(chunk).length;
        }
        return chunk;
    }

    private int startOf(int chunk) {
        int start = 0;
        for (int i = 0; i < chunk; i++) {
            start += chunks.get(i).length;
        }
        return start;
    }
}
