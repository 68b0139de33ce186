package posthaste.service.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where the bodies are kept.
 *
 * @param store {@code files}: in folders, which all services have to share; {@code s3}: in a
 *     bucket, see {@code posthaste.s3}
 * @param folders of the file store, best on different disks (default: {@code bodies} in the data
 *     directory)
 * @param memoryShare of the heap that bodies may take, all together
 * @param cacheShare of that memory in which fresh bodies stay until their first attempt
 * @param segmentSize at which a segment file is closed and the next begun
 * @param slot after which it is, however small: what is dropped is dropped by the slot
 * @param primaryBound how old the body of fresh mail may be when it is tried; for a later attempt
 *     it is copied to where bodies stay longer. What nobody needs is removed after this time, so a
 *     short one saves space and costs copies. The same in all services. Before it is lowered the
 *     janitor is switched off, and on again when the old time has passed
 * @param deferredBound the same of a body that was copied once, which is then copied again
 * @param freeSpaceFloor below it no mail is accepted; below half of it nothing is delivered either.
 *     The broker stops dead on a full disk, so it must be above what all that is under way can
 *     write
 */
@ConfigurationProperties(prefix = "posthaste.body", ignoreUnknownFields = false)
public record BodyProperties(
        @DefaultValue("files") BodyStoreKind store,
        @DefaultValue List<Path> folders,
        @DefaultValue("0.25") double memoryShare,
        @DefaultValue("0.25") double cacheShare,
        @DefaultValue("64MB") DataSize segmentSize,
        @DefaultValue("10m") Duration slot,
        @DefaultValue("30m") Duration primaryBound,
        @DefaultValue("1d") Duration deferredBound,
        @DefaultValue("512MB") DataSize freeSpaceFloor) {

    public BodyProperties {
        folders = List.copyOf(folders);
        Setting.between("memory-share", memoryShare, 0.01, 0.8);
        Setting.between("cache-share", cacheShare, 0.0, 0.9);
        Setting.between(
                "segment-size", segmentSize, DataSize.ofKilobytes(64), DataSize.ofGigabytes(1));
        Setting.require(
                "slot",
                slot,
                slot.toMillis() % 1000 == 0
                        && slot.compareTo(Duration.ofSeconds(1)) >= 0
                        && slot.compareTo(Duration.ofHours(1)) <= 0,
                "whole seconds, up to 1h");
        Setting.between("primary-bound", primaryBound, Duration.ofSeconds(1), Duration.ofDays(1));
        Setting.between("deferred-bound", deferredBound, primaryBound, Duration.ofDays(365));
        Setting.between(
                "free-space-floor", freeSpaceFloor, DataSize.ofBytes(0), DataSize.ofTerabytes(1));
    }

    /** The folders, or the one in the data directory. */
    public List<Path> foldersIn(Path dataDir) {
        return folders.isEmpty() ? List.of(dataDir.resolve("bodies")) : folders;
    }
}
