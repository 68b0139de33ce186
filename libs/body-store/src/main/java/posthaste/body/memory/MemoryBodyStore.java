package posthaste.body.memory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import posthaste.body.BodyStore;
import posthaste.body.BodyStoreStatistics;
import posthaste.body.BodyWriter;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.CorruptBodyException;
import posthaste.body.CorruptBodyIOException;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
import posthaste.body.buffer.BodyBytes;
import posthaste.body.buffer.BodyObject;
import posthaste.body.buffer.BodySink;
import posthaste.body.buffer.BodyTrailer;
import posthaste.body.buffer.BufferingWriter;
import posthaste.body.buffer.SmallBody;
import posthaste.body.buffer.WholeBody;
import posthaste.mail.record.BodyRef;

/**
 * Keeps bodies on the heap. What is stored stands for the disk and is not counted against the
 * budget; what is being written or read is, as in every store.
 *
 * <p>A test can take a body away, damage it, or let the whole store be out of order for a while.
 */
public final class MemoryBodyStore implements BodyStore {
    private static final int THRESHOLD = 1024 * 1024;
    private static final Duration READ_WAIT = Duration.ofSeconds(5);

    private final MemoryBudget budget;
    private final long capacity;
    private final ConcurrentMap<String, Stored> bodies = new ConcurrentHashMap<>();
    private final AtomicLong lastKey = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong objects = new AtomicLong();
    private final AtomicLong storedBytes = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong reads = new AtomicLong();
    private volatile boolean available = true;

    /** A store without a limit of its own. */
    public MemoryBodyStore(MemoryBudget budget) {
        this(budget, Long.MAX_VALUE);
    }

    /** A store that is full when it holds {@code capacity} bytes. */
    public MemoryBodyStore(MemoryBudget budget, long capacity) {
        this.budget = budget;
        this.capacity = capacity;
    }

    @Override
    public BodyWriter begin(Generation generation, Duration budgetWait) {
        return new BufferingWriter(new Sink(), budget, generation, THRESHOLD, budgetWait);
    }

    @Override
    public StoredBody open(BodyRef ref)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        requireAvailable();
        Stored body = bodies.get(ref.key());
        if (body == null) {
            throw new MissingBodyException(ref);
        }
        if (ref.offset() != 0 || ref.length() != body.bytes.length) {
            throw new CorruptBodyException(ref, "it has " + body.bytes.length + " bytes");
        }
        reads.incrementAndGet();
        if (ref.length() > THRESHOLD) {
            return new LargeBody(body.bytes, ref.crc32c());
        }
        try {
            BodyBytes copy = BodyBytes.ofLength(budget, body.bytes.length, READ_WAIT);
            copy.views().forEach(view -> view.put(body.bytes));
            if (copy.crc32c() != ref.crc32c()) {
                copy.release();
                throw new CorruptBodyException(ref, "its CRC differs");
            }
            return new WholeBody(copy);
        } catch (BudgetExhaustedException e) {
            throw new StoreUnavailableException("no memory to read a body", e);
        }
    }

    @Override
    public long usableSpace() {
        return capacity == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : Math.max(0, capacity - storedBytes.get());
    }

    @Override
    public BodyStoreStatistics statistics() {
        return new BodyStoreStatistics(
                stored.get(),
                storedBytes.get(),
                0,
                objects.get(),
                0,
                refused.get(),
                0,
                reads.get(),
                0,
                0,
                0);
    }

    /** From now on everything is refused with {@link StoreUnavailableException}, or no longer. */
    public void setAvailable(boolean available) {
        this.available = available;
    }

    /** Takes a body away. */
    public void lose(BodyRef ref) {
        bodies.remove(ref.key());
    }

    /** Flips a bit of a body that is not empty. */
    public void damage(BodyRef ref) {
        bodies.computeIfPresent(
                ref.key(),
                (_, body) -> {
                    byte[] damaged = body.bytes.clone();
                    damaged[damaged.length / 2] ^= 1;
                    return new Stored(body.envelope, damaged);
                });
    }

    /** Bodies that are kept now. */
    public int count() {
        return bodies.size();
    }

    /** The encoded envelope that was stored beside a body; null when there is none. */
    public byte @Nullable [] envelope(BodyRef ref) {
        Stored body = bodies.get(ref.key());
        return body == null ? null : body.envelope.clone();
    }

    @Override
    public void close() {
        available = false;
    }

    private void requireAvailable() throws StoreUnavailableException {
        if (!available) {
            refused.incrementAndGet();
            throw new StoreUnavailableException("the body store in memory is out of order");
        }
    }

    private BodyRef keep(Generation generation, Stored body, int crc32c)
            throws StoreUnavailableException {
        requireAvailable();
        if (body.bytes.length > usableSpace()) {
            refused.incrementAndGet();
            throw new StoreUnavailableException("the body store in memory is full");
        }
        String key = generation.name() + '/' + lastKey.incrementAndGet();
        bodies.put(key, body);
        stored.incrementAndGet();
        storedBytes.addAndGet(body.bytes.length);
        return new BodyRef(key, 0, body.bytes.length, crc32c);
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static final class Stored {
        private final byte[] envelope;
        private final byte[] bytes;

        Stored(byte[] envelope, byte[] bytes) {
            this.envelope = envelope;
            this.bytes = bytes;
        }
    }

    private final class Sink implements BodySink {
        @Override
        public BodyRef append(Generation generation, SmallBody body, Duration deadline)
                throws StoreUnavailableException, InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            byte[] bytes = new byte[body.bytes().length()];
            ByteBuffer copy = ByteBuffer.wrap(bytes);
            body.bytes().views().forEach(copy::put);
            return keep(generation, new Stored(bytesOf(body.envelope()), bytes), body.crc32c());
        }

        @Override
        public BodyObject beginObject(Generation generation) throws StoreUnavailableException {
            requireAvailable();
            return new MemoryObject(generation);
        }

        @Override
        public void checkWritable(Generation generation) throws StoreUnavailableException {
            requireAvailable();
        }
    }

    private final class MemoryObject implements BodyObject {
        private final Generation generation;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        MemoryObject(Generation generation) {
            this.generation = generation;
        }

        @Override
        public void write(BodyBytes bytes) throws StoreUnavailableException {
            requireAvailable();
            try {
                bytes.writeTo(out);
            } catch (IOException e) {
                throw new StoreUnavailableException("the body store in memory failed", e);
            }
        }

        @Override
        public BodyRef commit(BodyBytes last, BodyTrailer trailer, Duration deadline)
                throws StoreUnavailableException, InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            write(last);
            BodyRef ref =
                    keep(
                            generation,
                            new Stored(bytesOf(trailer.envelope()), out.toByteArray()),
                            trailer.crc32c());
            objects.incrementAndGet();
            return ref;
        }

        @Override
        public void close() {
            out.reset();
        }
    }

    private static final class LargeBody implements StoredBody {
        private final byte[] bytes;
        private final int crc32c;

        LargeBody(byte[] bytes, int crc32c) {
            this.bytes = bytes;
            this.crc32c = crc32c;
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            CRC32C crc = new CRC32C();
            crc.update(bytes);
            if ((int) crc.getValue() != crc32c) {
                throw new CorruptBodyIOException("the CRC of a large body differs");
            }
            out.write(bytes);
        }

        @Override
        public void close() {}
    }
}
