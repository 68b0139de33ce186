package posthaste.body.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.buffer.Counters;
import posthaste.body.segment.BodyKey;

/** One folder on one disk: where it is, whether it serves, and how much it can still take. */
final class Folder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Folder.class);
    private static final String UNFINISHED = ".unfinished";
    private static final long SPACE_IS_FRESH = Duration.ofSeconds(1).toNanos();

    private static final long HANGS = Duration.ofSeconds(2).toNanos();

    private final Path root;
    private final String id;
    private final Disk disk;
    private final long floor;
    private final Duration rest;
    private final Counters counters;
    private final DiskThreads threads;
    private final AtomicInteger writers = new AtomicInteger();
    private final AtomicLong usable = new AtomicLong();
    private final AtomicBoolean measuring = new AtomicBoolean();
    private final Map<Object, Long> flushes = new ConcurrentHashMap<>();
    private final Set<BodyKey> openSegments = ConcurrentHashMap.newKeySet();
    private volatile long measuredAt;
    private volatile long outUntil;
    private volatile boolean out;

    Folder(Path root, String id, Disk disk, long floor, Duration rest, Counters counters)
            throws IOException {
        this.root = root;
        this.id = id;
        this.disk = disk;
        this.floor = floor;
        this.rest = rest;
        this.counters = counters;
        this.threads = new DiskThreads(id);
        measure();
    }

    String id() {
        return id;
    }

    Disk disk() {
        return disk;
    }

    DiskThreads threads() {
        return threads;
    }

    Path path(BodyKey key) {
        return slotOf(key).resolve(key.name() + '.' + key.place());
    }

    Path root() {
        return root;
    }

    Path unfinished() {
        return root.resolve(UNFINISHED);
    }

    /** Deletes large bodies that nobody has written to since {@code limit}, and counts them. */
    int clearUnfinished(Instant limit) throws IOException {
        int deleted = 0;
        disk.createFolders(unfinished());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(unfinished())) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                    disk.delete(file);
                    deleted++;
                    LOG.info("deleted {}, which a process that died left unfinished", file);
                }
            }
        }
        return deleted;
    }

    /** Makes the folder that {@code key} belongs into, so that it survives a power cut. */
    void ensureSlot(BodyKey key) throws IOException {
        if (!isThere()) {
            // Written to an empty mount point, bodies would seem lost when the disk is back.
            throw new IOException(root + " is no longer the folder that was opened");
        }
        Path slot = slotOf(key);
        disk.createFolders(slot);
        Path folder = slot;
        while (folder != null && folder.startsWith(root)) {
            force(folder);
            folder = folder.getParent();
        }
    }

    /** Deletes a slot's folder if nothing is left in it, so that a power cut brings none back. */
    void deleteSlotIfEmpty(BodyKey key) throws IOException {
        Path slot = slotOf(key);
        force(disk.deleteIfEmpty(slot) ? generationOf(key) : slot);
    }

    /** Segments that are open for appending here. */
    Set<BodyKey> openSegments() {
        return openSegments;
    }

    /** Makes a new or renamed file's name survive a power cut. */
    void forceSlot(BodyKey key) throws IOException {
        force(slotOf(key));
    }

    /** Whether this is the folder that we opened, not an empty mount point in its place. */
    boolean isThere() throws IOException {
        return FolderId.read(root).equals(id);
    }

    /** Whether it does not rest after a failure. */
    boolean serves() {
        if (out && System.nanoTime() - outUntil >= 0) {
            out = false;
            LOG.info("body folder {} is tried again", root);
        }
        return !out;
    }

    /** Leaves the folder alone for a while. */
    void failed(IOException cause) {
        counters.failures.increment();
        outUntil = System.nanoTime() + rest.toNanos();
        out = true;
        LOG.warn("body folder {} failed and rests for {}", root, rest, cause);
    }

    /**
     * Bytes that new files may take here; none while it rests.
     *
     * @param allowance how far below the floor may be gone
     */
    long usable(long allowance) {
        return serves() ? Math.max(0, left(allowance)) : 0;
    }

    /** Bytes above the floor, as of about a second ago and less what was written since. */
    long left(long allowance) {
        if (System.nanoTime() - measuredAt > SPACE_IS_FRESH
                && measuring.compareAndSet(false, true)) {
            threads.later(this::measureOrFail);
        }
        return usable.get() + allowance;
    }

    /** Notes that so much was written, or is about to be. */
    void wrote(long bytes) {
        usable.addAndGet(-bytes);
    }

    /** Segments and large bodies that are open for writing here. */
    AtomicInteger writers() {
        return writers;
    }

    /** Notes that a flush began; {@link #endFlush} has to follow. */
    void beginFlush(Object flush) {
        flushes.put(flush, System.nanoTime());
    }

    void endFlush(Object flush) {
        flushes.remove(flush);
    }

    /** Sees whether the disk takes anything, and how much. */
    void measure() throws IOException {
        usable.set(disk.usableSpace(root) - floor);
        measuredAt = System.nanoTime();
    }

    @Override
    public void close() {
        threads.close();
    }

    @Override
    public String toString() {
        return root.toString();
    }

    private void measureOrFail() {
        try {
            measure();
        } catch (IOException e) {
            failed(e);
        } finally {
            measuring.set(false);
        }
    }

    /**
     * Whether a flush takes so long that others better go elsewhere. Who has nowhere else to go
     * waits: a disk that is slow for some seconds still serves within a deadline.
     */
    boolean hangs() {
        long now = System.nanoTime();
        return flushes.values().stream().anyMatch(since -> now - since > HANGS);
    }

    private Path slotOf(BodyKey key) {
        return generationOf(key).resolve(key.slot().name());
    }

    private Path generationOf(BodyKey key) {
        return root.resolve(key.generation().name());
    }

    private void force(Path folder) throws IOException {
        counters.forces.increment();
        disk.forceFolder(folder);
    }
}
