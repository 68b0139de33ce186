package posthaste.standalone.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A folder whose files grow, appear and disappear while it is copied. Each file is copied as far as
 * it reached then; it may end within a record, as after a crash.
 */
final class GrowingFiles {
    private final Path from;
    private final Path to;
    private final Predicate<Path> wanted;

    /**
     * Takes two folders.
     *
     * @param wanted by path below {@code from}
     */
    GrowingFiles(Path from, Path to, Predicate<Path> wanted) {
        this.from = from;
        this.to = to;
        this.wanted = wanted;
    }

    /**
     * Copies what is not in the copy yet, or is longer by now.
     *
     * @return bytes copied
     */
    long copy() throws IOException {
        long copied = 0;
        for (Path file : files()) {
            Path target = to.resolve(from.relativize(file));
            try {
                if (!Files.exists(target) || Files.size(target) != Files.size(file)) {
                    copied += copy(file, target);
                }
            } catch (NoSuchFileException _) {
                // Gone since it was listed: nobody needs it any more.
                Files.deleteIfExists(target);
            }
        }
        return copied;
    }

    /** Copies, and again until no file was added or removed meanwhile. */
    long copyUntilSteady() throws IOException {
        long copied = 0;
        List<Path> before;
        do {
            before = files();
            copied += copy();
        } while (!files().equals(before));
        return copied;
    }

    private List<Path> files() throws IOException {
        while (true) {
            try (Stream<Path> all = Files.walk(from)) {
                return all.filter(file -> wanted.test(from.relativize(file)))
                        .filter(Files::isRegularFile)
                        .sorted()
                        .toList();
            } catch (UncheckedIOException e) {
                if (!(e.getCause() instanceof NoSuchFileException)) {
                    throw e.getCause();
                }
                // A folder that was emptied and removed under our eyes.
            }
        }
    }

    private static long copy(Path file, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = Files.newOutputStream(target)) {
            long length = in.transferTo(out);
            out.flush();
            try (FileChannel written = FileChannel.open(target, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            return length;
        }
    }
}
