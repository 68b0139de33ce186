package posthaste.body.memory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
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
import posthaste.body.inventory.BodyInventory;
import posthaste.body.inventory.StoredObject;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.SegmentItem;
import posthaste.body.segment.Slot;
import posthaste.mail.record.BodyRef;

/**
 * Keeps bodies on the heap. What is stored stands for the disk and is not counted against the
 * budget; what is being written or read is, as in every store.
 *
 * <p>A test can take a body away, damage it, or let the whole store be out of order for a while.
 */
public final class MemoryBodyStore implements BodyStore, BodyInventory {
    private static final Instant NEVER_OLD = Instant.parse("2100-01-01T00:00:00Z");
    private static final String PLACE = "memory";
    private static final int THRESHOLD = 1024 * 1024;
    private static final Duration READ_WAIT = Duration.ofSeconds(5);

    private final MemoryBudget budget;
    private final long capacity;
    private final InstantSource clock;
    private final Duration slot;
    private final ConcurrentMap<String, Stored> bodies = new ConcurrentHashMap<>();
    private final AtomicLong lastKey = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong objects = new AtomicLong();
    private final AtomicLong storedBytes = new AtomicLong();
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong reads = new AtomicLong();
    private volatile boolean available = true;

    /** A store without a limit of its own, in which no body grows old. */
    public MemoryBodyStore(MemoryBudget budget) {
        this(budget, Long.MAX_VALUE);
    }

    /** A store that is full when it holds {@code capacity} bytes; no body grows old in it. */
    public MemoryBodyStore(MemoryBudget budget, long capacity) {
        this(budget, capacity, () -> NEVER_OLD, Duration.ofMinutes(10));
    }

    /** A store whose slots pass. */
    public MemoryBodyStore(MemoryBudget budget, long capacity, InstantSource clock, Duration slot) {
        this.budget = budget;
        this.capacity = capacity;
        this.clock = clock;
        this.slot = slot;
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
                : Math.max(0, capacity - heldBytes.get());
    }

    @Override
    public void visit(Consumer<StoredObject> visitor) throws StoreUnavailableException {
        requireAvailable();
        bodies.forEach((key, body) ->
                visitor.accept(
                        new StoredObject(BodyKey.parse(key), body.bytes.length, body.storedAt)));
    }

    @Override
    public void read(BodyKey key, Consumer<SegmentItem> items)
            throws MissingBodyException, StoreUnavailableException {
        requireAvailable();
        Stored body = bodies.get(key.toString());
        if (body == null) {
            throw new MissingBodyException(key.toString());
        }
        items.accept(body.entry());
    }

    @Override
    public void delete(Collection<BodyKey> keys) throws StoreUnavailableException {
        requireAvailable();
        List<BodyKey> young = new ArrayList<>();
        for (BodyKey key : keys) {
            if (key.slot().isPast(clock.instant(), slot)) {
                remove(key.toString());
            } else {
                young.add(key);
            }
        }
        if (!young.isEmpty()) {
            throw new StoreUnavailableException("of a slot that is not past: " + young);
        }
    }

    /** What is not committed is kept nowhere but by its writer. */
    @Override
    public int deleteUnfinished(Instant limit) throws StoreUnavailableException {
        requireAvailable();
        return 0;
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
        remove(ref.key());
    }

    /** Flips a bit of a body that is not empty. */
    public void damage(BodyRef ref) {
        bodies.computeIfPresent(
                ref.key(),
                (_, body) -> {
                    byte[] damaged = body.bytes.clone();
                    damaged[damaged.length / 2] ^= 1;
                    return new Stored(
                            body.mailId, body.envelope, damaged, body.crc32c, body.storedAt);
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

    private void remove(String key) {
        Stored removed = bodies.remove(key);
        if (removed != null) {
            heldBytes.addAndGet(-removed.bytes.length);
        }
    }

    private BodyRef keep(Generation generation, Stored body) throws StoreUnavailableException {
        requireAvailable();
        if (body.bytes.length > usableSpace()) {
            refused.incrementAndGet();
            throw new StoreUnavailableException("the body store in memory is full");
        }
        String key =
                new BodyKey(
                                generation,
                                Slot.of(clock.instant(), slot),
                                Long.toString(lastKey.incrementAndGet()),
                                PLACE)
                        .toString();
        bodies.put(key, body);
        stored.incrementAndGet();
        storedBytes.addAndGet(body.bytes.length);
        heldBytes.addAndGet(body.bytes.length);
        return new BodyRef(key, 0, body.bytes.length, body.crc32c);
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static final class Stored {
        private final String mailId;
        private final byte[] envelope;
        private final byte[] bytes;
        private final int crc32c;
        private final Instant storedAt;

        Stored(String mailId, byte[] envelope, byte[] bytes, int crc32c, Instant storedAt) {
            this.mailId = mailId;
            this.envelope = envelope;
            this.bytes = bytes;
            this.crc32c = crc32c;
            this.storedAt = storedAt;
        }

        SegmentItem.Entry entry() {
            return new SegmentItem.Entry(
                    mailId,
                    ByteBuffer.wrap(envelope).asReadOnlyBuffer(),
                    0,
                    bytes.length,
                    crc32c,
                    crc(bytes) == crc32c);
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
            return keep(
                    generation,
                    new Stored(
                            body.mailId(),
                            bytesOf(body.envelope()),
                            bytes,
                            body.crc32c(),
                            clock.instant()));
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
                            new Stored(
                                    trailer.mailId(),
                                    bytesOf(trailer.envelope()),
                                    out.toByteArray(),
                                    trailer.crc32c(),
                                    clock.instant()));
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
            if (crc(bytes) != crc32c) {
                throw new CorruptBodyIOException("the CRC of a large body differs");
            }
            out.write(bytes);
        }

        @Override
        public void close() {}
    }
}
