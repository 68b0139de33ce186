package posthaste.acceptance.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import posthaste.testing.Requires;

/** A file system of a few megabytes, mounted over a folder, that can be filled to the last byte. */
public final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 64 * 1024;
    private static final Set<SmallDisk> MOUNTED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> MOUNTED.forEach(SmallDisk::close)));
    }

    private final Path folder;
    private final Path ballast;

    private SmallDisk(Path folder) {
        this.folder = folder;
        this.ballast = folder.resolve("ballast");
    }

    /** Mounts a new one, empty, over a folder; steps aside where that is not allowed. */
    public static SmallDisk over(Path folder, int mebibytes) throws InterruptedException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean mounted = true;
        try {
            Shell.run(
                    "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", "" + folder);
        } catch (AssertionError e) {
            mounted = false;
        }
        Requires.that(mounted, "this machine lets nobody mount a tmpfs");
        SmallDisk disk = new SmallDisk(folder);
        MOUNTED.add(disk);
        return disk;
    }

    public Path folder() {
        return folder;
    }

    /** Until nothing more goes in. */
    public void fill() {
        byte[] block = new byte[BLOCK];
        for (int size = BLOCK; size > 0; size /= 2) {
            try (OutputStream out =
                    Files.newOutputStream(ballast.resolveSibling("ballast" + size))) {
                while (true) {
                    out.write(block, 0, size);
                }
            } catch (IOException _) {
                // Full for this size: smaller ones may still go in.
            }
        }
    }

    /** Until so much is left. */
    public void fillUpTo(long bytesLeft) {
        try (OutputStream out = Files.newOutputStream(ballast)) {
            byte[] block = new byte[BLOCK];
            while (free() - BLOCK >= bytesLeft) {
                out.write(block);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is left. */
    public long free() {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes away what filled it. */
    public void relieve() {
        try (var files = Files.newDirectoryStream(folder, "ballast*")) {
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unmounts it, also from under a process that still has files open. */
    @Override
    public void close() {
        if (!MOUNTED.remove(this)) {
            return;
        }
        try {
            Shell.run("umount", "-l", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
