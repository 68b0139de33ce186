package posthaste.body.s3;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Bodies in a bucket of an S3-compatible service: small ones share objects, one for each flush; a
 * large one is an object of its own, uploaded in parts while it comes.
 */
public final class S3BodyStore implements BodyStore, BodyInventory {
    private static final Duration CLOSING = Duration.ofSeconds(10);

    /** Bodies at a time from which on they wait for others: each request saved is paid for. */
    private static final int COMPANY = 2;

    private final S3BodyStoreSettings settings;
    private final MemoryBudget budget;
    private final Counters counters = new Counters();
    private final SegmentNames names;
    private final S3Client client;
    private final Bucket bucket;
    private final MultipartUploads uploads;
    private final PartMemory partMemory;
    private final S3Inventory inventory;
    private final BucketWatch watch;
    private final FreshBodies fresh;
    private final CachedReading reading;
    private final BodySink sink;
    private final ExecutorService lanes = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService cleaning = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentMap<Generation, GroupCommit> generations = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Opens the bucket; when the service does not answer this is no failure, it may come later.
     *
     * @throws S3RefusedException when the service answers that it will not have us
     */
    public S3BodyStore(
            S3BodyStoreSettings settings,
            S3Endpoint endpoint,
            MemoryBudget budget,
            InstantSource clock,
            S3RequestObserver observer)
            throws S3RefusedException {
        S3BodyStoreSettings.Tuning tuning = settings.tuning();
        this.settings = settings;
        this.budget = budget;
        this.names = new SegmentNames(clock, settings.slot());
        this.client = S3Clients.open(endpoint, tuning.requestWait());
        this.bucket = new Bucket(client, new S3Requests(tuning.requestWait(), observer), settings);
        this.uploads = new MultipartUploads(bucket, settings.checksum());
        this.partMemory = new PartMemory(budget, tuning.partSize());
        this.inventory = new S3Inventory(bucket, budget, names, tuning.operationWait());
        this.watch = new BucketWatch(endpoint, bucket, settings.createBucket());
        try {
            watch.start();
        } catch (S3RefusedException e) {
            client.close();
            throw e;
        }
        this.fresh = new FreshBodies(budget, settings.cacheSize());
        this.reading =
                new CachedReading(
                        new S3Bodies(bucket, budget, tuning.operationWait()),
                        fresh,
                        counters,
                        settings.tuning().smallBody());
        this.sink = new CountedSink(new Sink(), counters, fresh);
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

    /** No limit is known; what it costs is the operator's to watch. */
    @Override
    public long usableSpace() {
        return Long.MAX_VALUE;
    }

    @Override
    public BodyStoreStatistics statistics() {
        return counters.statistics(
                fresh.held(), generations.values().stream().mapToLong(GroupCommit::waiting).sum());
    }

    /** Asks the service what is wrong, if anything; a sentence for the operator. */
    public Optional<String> trouble() throws InterruptedException {
        return closed ? Optional.of("the body store is closed") : watch.trouble();
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
        inventory.delete(keys);
    }

    @Override
    public int deleteUnfinished(Instant limit)
            throws StoreUnavailableException, InterruptedException {
        requireOpen();
        return uploads.abortOlderThan(limit);
    }

    /** Refuses what is new, waits a while for what is under way, and cuts all connections. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        long end = System.nanoTime() + CLOSING.toNanos();
        try {
            for (GroupCommit commits : generations.values()) {
                commits.close(Duration.ofNanos(end - System.nanoTime()));
            }
            cleaning.shutdown();
            if (!cleaning.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                cleaning.shutdownNow();
            }
        } catch (InterruptedException e) {
            // Whoever still waits is told at its deadline.
            Thread.currentThread().interrupt();
        }
        lanes.shutdownNow();
        fresh.close();
        client.close();
    }

    private GroupCommit commits(Generation generation) {
        return generations.computeIfAbsent(
                generation,
                one ->
                        new GroupCommit(
                                new SegmentUpload(one, bucket, names, counters),
                                lanes,
                                settings.tuning().lanes(),
                                settings.tuning().batchSize(),
                                settings.tuning().patience(),
                                settings.gather(),
                                COMPANY));
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
        }

        @Override
        public BodyRef append(Generation generation, SmallBody body, Duration deadline)
                throws StoreUnavailableException, InterruptedException {
            requireOpen();
            return commits(generation).commit(body, deadline);
        }

        @Override
        public BodyObject beginObject(Generation generation)
                throws StoreUnavailableException, InterruptedException {
            requireOpen();
            return new ObjectUpload(
                    generation,
                    bucket,
                    uploads,
                    partMemory,
                    names,
                    settings.tuning().operationWait(),
                    cleaning,
                    counters);
        }
    }
}
