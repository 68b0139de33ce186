package posthaste.body.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import posthaste.body.StoreUnavailableException;
import posthaste.body.buffer.Counters;

/** All folders of a store. */
record Folders(List<Folder> all) implements AutoCloseable {
    Folders {
        all = List.copyOf(all);
    }

    /**
     * Opens the folders of a store, and removes what dead processes left unfinished in them.
     *
     * @throws IOException when one cannot be used; its message is a sentence for the operator
     */
    static Folders open(
            FileBodyStoreSettings settings, Disk disk, InstantSource clock, Counters counters)
            throws IOException {
        List<Folder> open = new ArrayList<>();
        for (Path root : settings.folders()) {
            try {
                disk.createFolders(root);
                Folder folder =
                        new Folder(
                                root,
                                FolderId.ensure(root),
                                disk,
                                settings.freeSpaceFloor(),
                                settings.tuning().folderRest(),
                                counters);
                folder.clearUnfinished(clock.instant().minus(settings.tuning().unfinishedAge()));
                open.add(folder);
                if (open.stream().map(Folder::id).distinct().count() < open.size()) {
                    throw new IOException("it is a copy of another one, or the same");
                }
            } catch (IOException e) {
                open.forEach(Folder::close);
                // Many exceptions of java.nio name nothing but the path.
                throw new IOException("the body folder " + root + " cannot be used: " + e, e);
            }
        }
        return new Folders(open);
    }

    /**
     * Where to open the next file: where the fewest are open, and of those where most space is
     * left; where the disk hangs only if it hangs everywhere.
     *
     * @param allowance how far below the floor may be gone
     * @throws StoreUnavailableException when no folder serves, or all are down to the floor
     */
    Folder best(long allowance) throws StoreUnavailableException {
        return all.stream()
                .filter(folder -> folder.usable(allowance) > 0)
                .min(
                        Comparator.comparing(Folder::hangs)
                                .thenComparingInt(folder -> folder.writers().get())
                                .thenComparing(
                                        Comparator.comparingLong(
                                                        (Folder folder) -> folder.usable(allowance))
                                                .reversed()))
                .orElseThrow(this::none);
    }

    /** Whether an open file of this folder may be written on. */
    boolean mayStayIn(Folder folder, long allowance) throws StoreUnavailableException {
        return folder.usable(allowance) > 0 && (!folder.hangs() || best(allowance).hangs());
    }

    /** Refuses when {@link #best} would. */
    void checkUsable(long allowance) throws StoreUnavailableException {
        if (usable(allowance) == 0) {
            throw none();
        }
    }

    /** Bytes that the best folder can still take. */
    long usable(long allowance) {
        return all.stream().mapToLong(folder -> folder.usable(allowance)).max().orElse(0);
    }

    @Nullable Folder byId(String id) {
        for (Folder folder : all) {
            if (folder.id().equals(id)) {
                return folder;
            }
        }
        return null;
    }

    @Override
    public void close() {
        all.forEach(Folder::close);
    }

    private StoreUnavailableException none() {
        return new StoreUnavailableException(
                all.stream().anyMatch(Folder::serves)
                        ? "the body folders are below their free-space floor: " + all
                        : "no body folder serves: " + all);
    }
}
