package posthaste.acceptance.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import posthaste.testing.Requires;

/**
 * A wall clock for some processes alone, which can be stepped while they run (libfaketime). The
 * machine's own clock is never touched.
 */
public final class SteppedClock {
    private static final List<Path> PLACES =
            List.of(
                    Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
                    Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
                    Path.of("/usr/lib/faketime/libfaketimeMT.so.1"));

    /** The processes look at the file once a second: a step is felt after at most so long. */
    public static final Duration FELT_WITHIN = Duration.ofSeconds(1);

    private final Path library;
    private final Path file;

    private SteppedClock(Path library, Path file) {
        this.library = library;
        this.file = file;
    }

    /**
     * A clock that tells the right time until it is stepped.
     *
     * @param file through which the processes hear of steps
     */
    public static SteppedClock at(Path file) {
        List<Path> found = PLACES.stream().filter(Files::exists).toList();
        Requires.that(!found.isEmpty(), "libfaketime (Debian's package faketime) is not installed");
        SteppedClock clock = new SteppedClock(found.getFirst(), file.toAbsolutePath());
        clock.step(Duration.ZERO);
        return clock;
    }

    /** What a process needs in its environment to have this clock. */
    public Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "FAKETIME_TIMESTAMP_FILE", file.toString(),
                "FAKETIME_CACHE_DURATION", "1",
                // A step of the wall clock leaves the monotonic one alone, as in life; and with the
                // "fix" on, every timed wait of Java 25 would return at once.
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }

    /** From now on the clock is ahead of the true time by so much, or behind when negative. */
    public void step(Duration ahead) {
        Path fresh = file.resolveSibling(file.getFileName() + ".fresh");
        try {
            Files.writeString(fresh, "%+d%n".formatted(ahead.toSeconds()));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
