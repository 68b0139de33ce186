package posthaste.service.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What tells without reading that a file, or a folder's files, are others now. The real path tells
 * that a symbolic link leads elsewhere, also one far up (as Kubernetes swaps a ConfigMap); the
 * file's key that another was renamed over it, even of the same size and time.
 */
record Fingerprint(List<Entry> entries) {
    /** A folder of more files than this is not one that an operator means. */
    static final int FILES_LIMIT = 10_000;

    record Entry(Path real, FileTime modified, long size, @Nullable Object key) {}

    /** Of a file, or of a folder and the files in it whose names don't begin with a dot. */
    static Fingerprint of(Path path) throws IOException {
        List<Entry> entries = new ArrayList<>();
        entries.add(entry(path));
        if (Files.isDirectory(path)) {
            try (Stream<Path> files = Files.list(path)) {
                List<Path> visible =
                        files.filter(file -> !file.getFileName().toString().startsWith("."))
                                .sorted()
                                .limit(FILES_LIMIT + 1L)
                                .toList();
                if (visible.size() > FILES_LIMIT) {
                    throw new IOException("more than " + FILES_LIMIT + " files in " + path);
                }
                for (Path file : visible) {
                    entries.add(entry(file));
                }
            }
        }
        return new Fingerprint(List.copyOf(entries));
    }

    private static Entry entry(Path path) throws IOException {
        Path real = path.toRealPath();
        BasicFileAttributes facts = Files.readAttributes(real, BasicFileAttributes.class);
        return new Entry(real, facts.lastModifiedTime(), facts.size(), facts.fileKey());
    }
}
