package posthaste.service.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import posthaste.body.BodyStore;
import posthaste.body.MemoryBudget;
import posthaste.body.file.FileBodyStore;
import posthaste.body.file.FileBodyStoreSettings;
import posthaste.body.s3.S3BodyStore;
import posthaste.body.s3.S3RefusedException;
import posthaste.body.s3.S3RequestObserver;
import posthaste.service.settings.BodyProperties;
import posthaste.service.settings.S3Properties;
import posthaste.service.settings.StartRefusedException;

/** Opens the store that is configured; what it opens is a {@code BodyInventory} too. */
public final class BodyStores {
    private final BodyProperties bodies;
    private final S3Properties s3;
    private final Path dataDir;

    public BodyStores(BodyProperties bodies, S3Properties s3, Path dataDir) {
        this.bodies = bodies;
        this.s3 = s3;
        this.dataDir = dataDir;
    }

    /** The folders that the store fills: none when it is elsewhere. */
    public List<Path> folders() {
        return switch (bodies.store()) {
            case FILES -> bodies.foldersIn(dataDir);
            case S3 -> List.of();
        };
    }

    /**
     * Opens it.
     *
     * @throws StartRefusedException when it cannot be used as it is configured
     */
    public BodyStore open(MemoryBudget memory, InstantSource clock, S3RequestObserver observer) {
        long cacheSize = (long) (memory.size() * bodies.cacheShare());
        return switch (bodies.store()) {
            case FILES -> openFiles(memory, clock, cacheSize);
            case S3 -> openBucket(memory, clock, cacheSize, observer);
        };
    }

    private BodyStore openFiles(MemoryBudget memory, InstantSource clock, long cacheSize) {
        FileBodyStoreSettings settings =
                FileBodyStoreSettings.of(folders())
                        .withSegmentSize(bodies.segmentSize().toBytes())
                        .withSlot(bodies.slot())
                        .withFreeSpaceFloor(bodies.freeSpaceFloor().toBytes())
                        .withCacheSize(cacheSize);
        try {
            return new FileBodyStore(settings, memory, clock);
        } catch (IOException e) {
            throw new StartRefusedException("posthaste.body.folders: " + e.getMessage(), e);
        }
    }

    private BodyStore openBucket(
            MemoryBudget memory, InstantSource clock, long cacheSize, S3RequestObserver observer) {
        try {
            return new S3BodyStore(
                    s3.toSettings(bodies.slot(), cacheSize),
                    s3.toEndpoint(),
                    memory,
                    clock,
                    observer);
        } catch (S3RefusedException e) {
            throw new StartRefusedException("posthaste.s3: " + e.getMessage() + ".", e);
        }
    }
}
