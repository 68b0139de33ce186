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

    /** How deep folders may lie in folders. */
    private static final int FOLDERS = 2;

    record Entry(Path real, FileTime modified, long size, @Nullable Object key) {}

    /**
     * Of a file, or of a folder and all in it and its folders whose names don't begin with a dot.
     */
    static Fingerprint of(Path path) throws IOException {
        List<Entry> entries = new ArrayList<>();
        entries.add(entry(path));
        if (Files.isDirectory(path)) {
            addAllIn(path, FOLDERS, entries);
        }
        return new Fingerprint(List.copyOf(entries));
    }

    private static void addAllIn(Path folder, int depth, List<Entry> entries) throws IOException {
        List<Path> visible;
        try (Stream<Path> files = Files.list(folder)) {
            visible =
                    files.filter(file -> !file.getFileName().toString().startsWith("."))
                            .sorted()
                            .limit(FILES_LIMIT + 1L)
                            .toList();
        }
        if (visible.size() + entries.size() > FILES_LIMIT + 1) {
            throw new IOException("more than " + FILES_LIMIT + " files in " + folder);
        }
        for (Path file : visible) {
            entries.add(entry(file));
            if (depth > 1 && Files.isDirectory(file)) {
                addAllIn(file, depth - 1, entries);
            }
        }
    }

    private static Entry entry(Path path) throws IOException {
        Path real = path.toRealPath();
        BasicFileAttributes facts = Files.readAttributes(real, BasicFileAttributes.class);
        return new Entry(real, facts.lastModifiedTime(), facts.size(), facts.fileKey());
    }
}
