package posthaste.body.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.MemoryBudget;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.buffer.BodyBytes;
import posthaste.body.inventory.StoredObject;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.SegmentItem;
import posthaste.body.segment.SegmentNames;
import posthaste.body.segment.SegmentReader;
import posthaste.body.segment.SegmentSource;

/** What stands in the bucket, whoever wrote it. */
final class S3Inventory {
    /** The most that one request deletes. */
    private static final int AT_ONCE = 1000;

    /** Of an object read at once: a segment is read with a few requests. */
    private static final int WINDOW = 1024 * 1024;

    private final Bucket bucket;
    private final MemoryBudget budget;
    private final SegmentNames names;
    private final Duration memoryWait;

    S3Inventory(Bucket bucket, MemoryBudget budget, SegmentNames names, Duration memoryWait) {
        this.bucket = bucket;
        this.budget = budget;
        this.names = names;
        this.memoryWait = memoryWait;
    }

    void visit(Consumer<StoredObject> visitor)
            throws StoreUnavailableException, InterruptedException {
        bucket.list(object -> {
            BodyKey key = bucket.bodyKey(object.key());
            if (key != null) {
                visitor.accept(new StoredObject(key, object.size(), object.lastModified()));
            }
        });
    }

    void read(BodyKey key, Consumer<SegmentItem> items)
            throws MissingBodyException, StoreUnavailableException, InterruptedException {
        Deadline deadline = bucket.deadline();
        long size = 0;
        try {
            size = bucket.size(key, deadline);
        } catch (NotThereException e) {
            bucket.confirmMissing(key, deadline, e);
        }
        BodyBytes window = window();
        try {
            SegmentReader.read(new ObjectSource(key, size, window.views().getFirst()), items);
        } catch (InterruptedIOException e) {
            throw new InterruptedException("the reading of " + key + " was broken off");
        } catch (IOException e) {
            throw new StoreUnavailableException("cannot read " + key, e);
        } finally {
            window.release();
        }
    }

    void delete(Collection<BodyKey> keys) throws StoreUnavailableException, InterruptedException {
        List<BodyKey> past = keys.stream().filter(key -> names.isPast(key.slot())).toList();
        for (int from = 0; from < past.size(); from += AT_ONCE) {
            bucket.delete(past.subList(from, Math.min(past.size(), from + AT_ONCE)));
        }
        if (past.size() < keys.size()) {
            List<BodyKey> refused = new ArrayList<>(keys);
            refused.removeAll(past);
            throw new StoreUnavailableException(
                    "of a slot that is not past: " + refused.getFirst());
        }
    }

    private BodyBytes window() throws StoreUnavailableException, InterruptedException {
        try {
            return BodyBytes.ofLength(budget, WINDOW, memoryWait);
        } catch (BudgetExhaustedException e) {
            throw new StoreUnavailableException("no memory to read an object", e);
        }
    }

    /** An object's bytes, a window of which is in memory. */
    private final class ObjectSource implements SegmentSource {
        private final BodyKey key;
        private final long size;
        private final ByteBuffer window;
        private long start;
        private int length;

        ObjectSource(BodyKey key, long size, ByteBuffer window) {
            this.key = key;
            this.size = size;
            this.window = window;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void read(long position, ByteBuffer into) throws IOException {
            long at = position;
            while (into.hasRemaining()) {
                if (at < start || at >= start + length) {
                    load(at);
                }
                int offset = (int) (at - start);
                int count = Math.min(into.remaining(), length - offset);
                into.put(window.slice(offset, count));
                at += count;
            }
        }

        private void load(long position) throws IOException {
            if (position >= size) {
                throw new EOFException(key + " ends at " + size);
            }
            int wanted = (int) Math.min(window.capacity(), size - position);
            length = 0;
            try {
                bucket.read(key, position, List.of(window.slice(0, wanted)));
            } catch (MissingBodyException | StoreUnavailableException e) {
                throw new IOException(e);
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            start = position;
            length = wanted;
        }
    }
}
