package posthaste.body.file;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How bodies are kept in files.
 *
 * @param folders on one disk each; at least one
 * @param segmentSize in bytes, after which a segment is closed
 * @param slot the span of time after which a segment is closed, and by which garbage is collected
 * @param freeSpaceFloor bytes that stay free on each disk: below them no fresh body is taken; mail
 *     that was accepted before, and has to move to another generation, may use half of them
 * @param cacheSize bytes of the memory budget that fresh bodies may take while nobody else needs
 *     them
 * @param tuning what hardly anyone has to change
 */
public record FileBodyStoreSettings(
        List<Path> folders,
        long segmentSize,
        Duration slot,
        long freeSpaceFloor,
        long cacheSize,
        Tuning tuning) {

    /**
     * What hardly anyone has to change.
     *
     * @param smallBody bytes of the largest body that shares a segment with others; a larger one
     *     streams to a file of its own
     * @param lanes that may write at once, of each generation
     * @param batchSize bytes after which no more bodies are added to a batch
     * @param patience how long one lane may take for a batch until the next one steps in
     * @param diskWait how long a single read, or a write of a large body, may take; who then still
     *     waits is told that the store is unavailable
     * @param folderRest how long a folder that failed is left alone
     * @param unfinishedAge after which the remains of a dead process are deleted at start
     */
    public record Tuning(
            int smallBody,
            int lanes,
            int batchSize,
            Duration patience,
            Duration diskWait,
            Duration folderRest,
            Duration unfinishedAge) {

        /** Fit for disks from the slowest to the fastest. */
        public static final Tuning DEFAULT =
                new Tuning(
                        1024 * 1024,
                        4,
                        4 * 1024 * 1024,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(5),
                        Duration.ofHours(2));

        public Tuning {
            require(
                    smallBody >= 1 && smallBody <= 64 * 1024 * 1024,
                    "the largest small body",
                    smallBody,
                    "1 byte to 64 MiB");
            require(lanes >= 1 && lanes <= 64, "the number of lanes", lanes, "1 to 64");
            require(batchSize >= 1, "the batch size", batchSize, "at least 1 byte");
            requirePositive(patience, "the patience with a lane");
            requirePositive(diskWait, "the wait for a disk");
            requirePositive(folderRest, "the rest of a folder that failed");
            requirePositive(unfinishedAge, "the age of unfinished files");
        }
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException which names what is wrong, the value, and what is allowed
     */
    public FileBodyStoreSettings {
        folders = folders.stream().map(folder -> folder.toAbsolutePath().normalize()).toList();
        require(
                !folders.isEmpty() && folders.stream().distinct().count() == folders.size(),
                "the list of body folders",
                folders,
                "one or more different folders");
        require(
                segmentSize >= 64 * 1024 && segmentSize <= 16L << 30,
                "the segment size in bytes",
                segmentSize,
                "64 KiB to 16 GiB");
        require(
                slot.compareTo(Duration.ofSeconds(1)) >= 0
                        && slot.compareTo(Duration.ofDays(1)) <= 0
                        && slot.toMillis() % 1000 == 0,
                "the slot",
                slot,
                "whole seconds, up to a day");
        require(freeSpaceFloor >= 0, "the free-space floor", freeSpaceFloor, "0 bytes or more");
        require(cacheSize >= 0, "the cache size", cacheSize, "0 bytes or more");
    }

    /** With what the embedded default has, and no cache. */
    public static FileBodyStoreSettings of(List<Path> folders) {
        return new FileBodyStoreSettings(
                folders,
                64L * 1024 * 1024,
                Duration.ofMinutes(10),
                512L * 1024 * 1024,
                0,
                Tuning.DEFAULT);
    }

    public FileBodyStoreSettings withSegmentSize(long bytes) {
        return new FileBodyStoreSettings(folders, bytes, slot, freeSpaceFloor, cacheSize, tuning);
    }

    public FileBodyStoreSettings withSlot(Duration length) {
        return new FileBodyStoreSettings(
                folders, segmentSize, length, freeSpaceFloor, cacheSize, tuning);
    }

    public FileBodyStoreSettings withFreeSpaceFloor(long bytes) {
        return new FileBodyStoreSettings(folders, segmentSize, slot, bytes, cacheSize, tuning);
    }

    public FileBodyStoreSettings withCacheSize(long bytes) {
        return new FileBodyStoreSettings(folders, segmentSize, slot, freeSpaceFloor, bytes, tuning);
    }

    public FileBodyStoreSettings withTuning(Tuning other) {
        return new FileBodyStoreSettings(
                folders, segmentSize, slot, freeSpaceFloor, cacheSize, other);
    }

    private static void requirePositive(Duration value, String what) {
        require(!value.isNegative() && !value.isZero(), what, value, "more than nothing");
    }

    private static void require(boolean valid, String what, Object value, String allowed) {
        if (!valid) {
            throw new IllegalArgumentException(what + " is " + value + "; allowed: " + allowed);
        }
    }
}
