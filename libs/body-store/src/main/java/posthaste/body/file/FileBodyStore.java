package posthaste.body.file;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import posthaste.body.BodyStore;
import posthaste.body.BodyStoreStatistics;
import posthaste.body.BodyWriter;
import posthaste.body.CorruptBodyException;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
import posthaste.body.buffer.BodyObject;
import posthaste.body.buffer.BodySink;
import posthaste.body.buffer.BufferingWriter;
import posthaste.body.buffer.CachedReading;
import posthaste.body.buffer.CountedSink;
import posthaste.body.buffer.Counters;
import posthaste.body.buffer.FreshBodies;
import posthaste.body.buffer.SmallBody;
import posthaste.body.inventory.BodyInventory;
import posthaste.body.inventory.StoredObject;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.GroupCommit;
import posthaste.body.segment.SegmentItem;
import posthaste.body.segment.SegmentNames;
import posthaste.mail.record.BodyRef;

/**
 * Bodies in files: small ones share segments, which are forced once for all who wait; a large one
 * streams to a file of its own.
 */
public final class FileBodyStore implements BodyStore, BodyInventory {
    private static final Duration CLOSING = Duration.ofSeconds(10);

    /**
     * How long a batch waits for more where bodies come so many at a time: a disk may be fast
     * enough for a flush of each, and these would then cost more than all else.
     */
    private static final Duration GATHER = Duration.ofMillis(5);

    private static final int COMPANY = 4;

    /** A usual batch is one write. */
    private static final int STAGING = 512 * 1024;

    private final FileBodyStoreSettings settings;
    private final MemoryBudget budget;
    private final Counters counters = new Counters();
    private final Folders folders;
    private final SegmentNames names;
    private final FileInventory inventory;
    private final FreshBodies fresh;
    private final StagingBuffers staging = new StagingBuffers(STAGING);
    private final ThreadPoolExecutor laneThreads;
    private final ConcurrentMap<Generation, Writing> generations = new ConcurrentHashMap<>();
    private final CachedReading reading;
    private final BodySink sink;
    private volatile boolean closed;

    private record Writing(SegmentFiles files, GroupCommit commits) {}

    /**
     * Opens the folders, which are made if they are not there.
     *
     * @throws IOException when one of them cannot be used; its message is a sentence for the
     *     operator
     */
    public FileBodyStore(FileBodyStoreSettings settings, MemoryBudget budget, InstantSource clock)
            throws IOException {
        this(settings, budget, clock, new LocalDisk());
    }

    FileBodyStore(
            FileBodyStoreSettings settings, MemoryBudget budget, InstantSource clock, Disk disk)
            throws IOException {
        this.settings = settings;
        this.budget = budget;
        this.folders = Folders.open(settings, disk, clock, counters);
        this.names = new SegmentNames(clock, settings.slot());
        this.inventory = new FileInventory(folders, names, settings.tuning().diskWait());
        this.fresh = new FreshBodies(budget, settings.cacheSize());
        this.reading =
                new CachedReading(
                        new BodyFiles(folders, budget, settings.tuning().diskWait()),
                        fresh,
                        counters,
                        settings.tuning().smallBody());
        this.sink = new CountedSink(new Sink(), counters, fresh);
        this.laneThreads =
                new ThreadPoolExecutor(
                        0,
                        Integer.MAX_VALUE,
                        30,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        Thread.ofPlatform().daemon().name("body-lane-", 0).factory());
    }

    @Override
    public BodyWriter begin(Generation generation, Duration budgetWait) {
        return new BufferingWriter(
                sink, budget, generation, settings.tuning().smallBody(), budgetWait);
    }

    @Override
    public StoredBody open(BodyRef ref)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        requireOpen();
        return reading.open(ref);
    }

    @Override
    public void visit(Consumer<StoredObject> visitor)
            throws StoreUnavailableException, InterruptedException {
        requireOpen();
        inventory.visit(visitor);
    }

    @Override
    public void read(BodyKey key, Consumer<SegmentItem> items)
            throws MissingBodyException, StoreUnavailableException, InterruptedException {
        requireOpen();
        inventory.read(key, items);
    }

    @Override
    public void delete(Collection<BodyKey> keys)
            throws StoreUnavailableException, InterruptedException {
        requireOpen();
        closePastSlots();
        inventory.delete(keys);
    }

    @Override
    public int deleteUnfinished(Instant limit)
            throws StoreUnavailableException, InterruptedException {
        requireOpen();
        return inventory.deleteUnfinished(limit);
    }

    @Override
    public long usableSpace() {
        return folders.usable(0);
    }

    @Override
    public BodyStoreStatistics statistics() {
        return counters.statistics(
                fresh.held(),
                generations.values().stream().mapToLong(one -> one.commits.waiting()).sum());
    }

    /** Refuses what is new, waits a while for what is under way, and closes all files. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        long end = System.nanoTime() + CLOSING.toNanos();
        try {
            for (Writing writing : generations.values()) {
                writing.commits.close(Duration.ofNanos(end - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            // Whoever still waits is told at its deadline.
            Thread.currentThread().interrupt();
        }
        generations.values().forEach(writing -> writing.files.close());
        laneThreads.shutdown();
        fresh.close();
        folders.close();
    }

    private Writing writing(Generation generation) {
        return generations.computeIfAbsent(generation, this::beginWriting);
    }

    private Writing beginWriting(Generation generation) {
        FileBodyStoreSettings.Tuning tuning = settings.tuning();
        SegmentFiles segments =
                new SegmentFiles(
                        generation,
                        tuning.lanes(),
                        folders,
                        allowance(generation),
                        names,
                        settings.segmentSize(),
                        staging,
                        counters,
                        this::closePastSlots);
        return new Writing(
                segments,
                new GroupCommit(
                        segments,
                        laneThreads,
                        tuning.lanes(),
                        tuning.batchSize(),
                        tuning.patience(),
                        GATHER,
                        COMPANY));
    }

    /** What was accepted has to be kept, also while nothing more can be accepted. */
    private long allowance(Generation generation) {
        return generation.equals(Generation.PRIMARY) ? 0 : settings.freeSpaceFloor() / 2;
    }

    /** A generation that is seldom written would otherwise keep its file open for ever. */
    private void closePastSlots() {
        generations.values().forEach(writing -> writing.files.closePastSlots());
    }

    private void requireOpen() throws StoreUnavailableException {
        if (closed) {
            throw new StoreUnavailableException("the body store is closed");
        }
    }

    /** Takes what comes out of the writers. */
    private final class Sink implements BodySink {
        @Override
        public void checkWritable(Generation generation) throws StoreUnavailableException {
            requireOpen();
            folders.checkUsable(allowance(generation));
        }

        @Override
        public BodyRef append(Generation generation, SmallBody body, Duration deadline)
                throws StoreUnavailableException, InterruptedException {
            requireOpen();
            return writing(generation).commits.commit(body, deadline);
        }

        @Override
        public BodyObject beginObject(Generation generation)
                throws StoreUnavailableException, InterruptedException {
            requireOpen();
            return ObjectFile.begin(
                    generation,
                    folders.best(allowance(generation)),
                    allowance(generation),
                    names,
                    settings.tuning().diskWait(),
                    counters);
        }
    }
}
