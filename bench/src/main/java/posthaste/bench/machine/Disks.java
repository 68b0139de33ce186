package posthaste.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What the machine's disks have done; all processes together. */
public final class Disks {
    private static final Path STATISTICS = Path.of("/proc/diskstats");

    /**
     * "flush requests completed successfully", since Linux 5.5; Documentation/admin-guide/iostats.
     */
    private static final int FLUSHES = 18;

    private Disks() {}

    /** Flushes of write caches so far; empty where the kernel does not count them. */
    public static OptionalLong flushes() {
        try (Stream<String> lines = Files.lines(STATISTICS)) {
            long[] flushes =
                    lines.map(line -> line.strip().split(" +"))
                            .filter(fields -> fields.length > FLUSHES)
                            // Whole disks alone: a partition's flush is its disk's.
                            .filter(fields -> Files.exists(Path.of("/sys/block", fields[2])))
                            .mapToLong(fields -> Long.parseLong(fields[FLUSHES]))
                            .toArray();
            return flushes.length == 0
                    ? OptionalLong.empty()
                    : OptionalLong.of(java.util.Arrays.stream(flushes).sum());
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
