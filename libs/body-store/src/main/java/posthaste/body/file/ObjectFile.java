package posthaste.body.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.Generation;
import posthaste.body.StoreUnavailableException;
import posthaste.body.buffer.BodyBytes;
import posthaste.body.buffer.BodyObject;
import posthaste.body.buffer.BodyTrailer;
import posthaste.body.buffer.Counters;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.SegmentNames;
import posthaste.body.segment.SegmentPacker;
import posthaste.mail.record.BodyRef;

/**
 * A large body on its way into a file of its own, which gets its final name only when it is whole
 * and forced.
 */
final class ObjectFile implements BodyObject {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectFile.class);

    /** Forced on the way, so that the last force is short, and other files' forces with it. */
    private static final long FORCE_EVERY = 8L * 1024 * 1024;

    private final Generation generation;
    private final Folder folder;
    private final long allowance;
    private final Path unfinished;
    private final SegmentNames names;
    private final Duration diskWait;
    private final Counters counters;
    private final SegmentPacker packer = new SegmentPacker();
    private final Disk.DiskFile file;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private long notForced;
    private boolean committed;
    private volatile boolean abandoned;

    private ObjectFile(
            Generation generation,
            Folder folder,
            long allowance,
            SegmentNames names,
            Duration diskWait,
            Counters counters)
            throws IOException {
        this.generation = generation;
        this.folder = folder;
        this.allowance = allowance;
        this.names = names;
        this.diskWait = diskWait;
        this.counters = counters;
        this.unfinished = folder.unfinished().resolve(names.nextName());
        this.file = folder.disk().create(unfinished);
        folder.writers().incrementAndGet();
        try {
            file.write(packer.beginObject());
        } catch (IOException e) {
            remove();
            throw e;
        }
    }

    /** Begins an object in a folder. */
    static ObjectFile begin(
            Generation generation,
            Folder folder,
            long allowance,
            SegmentNames names,
            Duration diskWait,
            Counters counters)
            throws StoreUnavailableException, InterruptedException {
        try {
            return folder.threads()
                    .call(
                            diskWait,
                            () ->
                                    new ObjectFile(
                                            generation,
                                            folder,
                                            allowance,
                                            names,
                                            diskWait,
                                            counters),
                            ObjectFile::remove);
        } catch (IOException e) {
            folder.failed(e);
            throw new StoreUnavailableException("a large body could not be begun", e);
        }
    }

    @Override
    public void write(BodyBytes bytes) throws StoreUnavailableException, InterruptedException {
        if (folder.left(allowance) <= 0) {
            throw new StoreUnavailableException(folder + " is below its free-space floor");
        }
        call(
                diskWait,
                () -> {
                    append(bytes);
                    return true;
                },
                _ -> {});
    }

    @Override
    public BodyRef commit(BodyBytes last, BodyTrailer trailer, Duration deadline)
            throws StoreUnavailableException, InterruptedException {
        ByteBuffer end = packer.endObject(trailer);
        // Should nobody wait for it any more, nobody will ever refer to it.
        BodyKey key = call(deadline, () -> finish(last, end), this::delete);
        committed = true;
        counters.objects.increment();
        return new BodyRef(
                key.toString(),
                SegmentPacker.OBJECT_BODY_OFFSET,
                trailer.length(),
                trailer.crc32c());
    }

    @Override
    public void close() {
        if (!committed) {
            abandoned = true;
            folder.threads().later(this::remove);
        }
    }

    private void append(BodyBytes bytes) throws IOException {
        // Should nobody wait any longer, these bytes must still be ours.
        if (!bytes.retain()) {
            throw new IOException("given up");
        }
        try {
            for (ByteBuffer view : bytes.views()) {
                file.write(view);
            }
            folder.wrote(bytes.length());
            notForced += bytes.length();
        } finally {
            bytes.release();
        }
        if (notForced >= FORCE_EVERY) {
            force();
            notForced = 0;
        }
    }

    private BodyKey finish(BodyBytes last, ByteBuffer end) throws IOException {
        append(last);
        file.write(end);
        force();
        BodyKey key = names.next(generation, folder.id());
        folder.ensureSlot(key);
        if (abandoned) {
            throw new IOException("given up");
        }
        folder.disk().rename(unfinished, folder.path(key));
        folder.forceSlot(key);
        closeFile();
        return key;
    }

    private void force() throws IOException {
        counters.forces.increment();
        file.force();
    }

    private <T> T call(Duration wait, DiskThreads.Work<T> work, Consumer<T> late)
            throws StoreUnavailableException, InterruptedException {
        try {
            return folder.threads().call(wait, () -> watched(work), late);
        } catch (IOException e) {
            folder.failed(e);
            throw new StoreUnavailableException("a large body could not be written", e);
        }
    }

    /** Does the work so that others see when the disk hangs over it. */
    private <T> T watched(DiskThreads.Work<T> work) throws IOException {
        folder.beginFlush(this);
        try {
            return work.run();
        } finally {
            folder.endFlush(this);
        }
    }

    private void closeFile() throws IOException {
        if (open.compareAndSet(true, false)) {
            folder.writers().decrementAndGet();
            file.close();
        }
    }

    private void delete(BodyKey key) {
        delete(folder.path(key));
    }

    private void remove() {
        try {
            closeFile();
        } catch (IOException e) {
            LOG.warn("cannot close {}", unfinished, e);
        }
        delete(unfinished);
    }

    private void delete(Path path) {
        try {
            folder.disk().delete(path);
        } catch (IOException e) {
            LOG.warn("{} is left behind", path, e);
        }
    }
}
