package posthaste.service.storage;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.RecordHandler;

/**
 * Looks at the free space of the watched folders. Below the floor nothing new is accepted, so that
 * what is under way can still be written; below half of it nothing is delivered either, since each
 * attempt writes records, and a broker halts on a full disk.
 */
public final class StorageGuard {

    /** How much room there is. */
    public enum Room {
        AMPLE,
        /** Below the floor: what is accepted already goes on, nothing new comes in. */
        SCARCE,
        /** Below half of the floor, or not to be told: nothing is written at all. */
        NONE
    }

    /** Asks for the usable bytes of a folder. */
    @FunctionalInterface
    public interface FreeSpace {
        long of(Path folder) throws IOException;
    }

    private record Reading(Instant at, long free, Room room) {}

    private static final Logger LOG = LoggerFactory.getLogger(StorageGuard.class);

    private final List<Path> folders;
    private final long floor;
    private final Duration interval;
    private final InstantSource clock;
    private final FreeSpace freeSpace;
    private final AtomicReference<Reading> last;

    /**
     * Takes the folders to watch, which may come into being later.
     *
     * @param floor in bytes
     * @param interval for which one look counts
     */
    public StorageGuard(
            List<Path> folders,
            long floor,
            Duration interval,
            InstantSource clock,
            FreeSpace freeSpace) {
        this.folders = List.copyOf(folders);
        this.floor = floor;
        this.interval = interval;
        this.clock = clock;
        this.freeSpace = freeSpace;
        this.last = new AtomicReference<>(look(clock.instant()));
    }

    /** What the file system of a folder, or of the nearest one above it that exists, has left. */
    public static long usableSpace(Path folder) throws IOException {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        FileStore store = Files.getFileStore(existing);
        return store.getUsableSpace();
    }

    /** The room on the fullest of the watched disks. */
    public Room room() {
        return reading().room();
    }

    /** Whether new mail may be accepted. */
    public boolean acceptsMail() {
        return room() == Room.AMPLE;
    }

    /** Free bytes on the fullest of the watched disks; 0 when that cannot be told. */
    public long free() {
        return reading().free();
    }

    /** The same handler, but with no room left every record waits (DESIGN 3, invariant 9). */
    public RecordHandler guarding(RecordHandler handler) {
        return record -> {
            Reading now = reading();
            if (now.room() == Room.NONE) {
                throw new PartUnavailableException(
                        "the disk is nearly full: " + now.free() + " bytes left");
            }
            return handler.handle(record);
        };
    }

    private Reading reading() {
        Reading known = last.get();
        Instant now = clock.instant();
        Duration age = Duration.between(known.at(), now);
        if (age.compareTo(interval) < 0 && !age.isNegative()) {
            return known;
        }
        Reading fresh = look(now);
        if (last.compareAndSet(known, fresh) && fresh.room() != known.room()) {
            LOG.warn("free space: {} bytes left, room is {}", fresh.free(), fresh.room());
        }
        return fresh;
    }

    private Reading look(Instant now) {
        long least = Long.MAX_VALUE;
        for (Path folder : folders) {
            try {
                least = Math.min(least, freeSpace.of(folder));
            } catch (IOException e) {
                // A disk that does not answer takes no bytes either.
                LOG.warn("the free space of {} cannot be told: {}", folder, e.toString());
                return new Reading(now, 0, Room.NONE);
            }
        }
        Room room = least >= floor ? Room.AMPLE : least >= floor / 2 ? Room.SCARCE : Room.NONE;
        return new Reading(now, least, room);
    }
}
