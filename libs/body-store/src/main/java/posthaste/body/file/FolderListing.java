package posthaste.body.file;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.Generation;
import posthaste.body.StoreUnavailableException;
import posthaste.body.inventory.StoredObject;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.Slot;

/**
 * Walks through the generations and slots of one folder, a piece at a time. What bears no name of
 * ours is not even entered: it may be unreadable, or endless.
 */
final class FolderListing {
    private static final Logger LOG = LoggerFactory.getLogger(FolderListing.class);
    private static final int AT_ONCE = 512;

    private final Folder folder;
    private final Duration diskWait;

    FolderListing(Folder folder, Duration diskWait) {
        this.folder = folder;
        this.diskWait = diskWait;
    }

    void visit(Consumer<StoredObject> visitor)
            throws StoreUnavailableException, InterruptedException {
        inGenerations("", visitor);
    }

    /** Goes through what stands below a part of a generation's name. */
    private void inGenerations(String part, Consumer<StoredObject> visitor)
            throws StoreUnavailableException, InterruptedException {
        list(
                folder.root().resolve(part),
                entry -> {
                    if (!entry.folder()) {
                        return;
                    }
                    String below = part.isEmpty() ? entry.name() : part + '/' + entry.name();
                    if (isSlot(entry.name()) && isGeneration(part)) {
                        inSlot(new Generation(part), Slot.parse(entry.name()), visitor);
                    } else if (isGeneration(below)) {
                        inGenerations(below, visitor);
                    }
                });
    }

    private void inSlot(Generation generation, Slot slot, Consumer<StoredObject> visitor)
            throws StoreUnavailableException, InterruptedException {
        String prefix = generation.name() + '/' + slot.name() + '/';
        list(
                folder.root().resolve(prefix),
                entry -> {
                    BodyKey key = entry.folder() ? null : keyOf(prefix + entry.name());
                    if (key != null && key.place().equals(folder.id())) {
                        visitor.accept(new StoredObject(key, entry.size(), entry.modified()));
                    }
                });
    }

    private void list(Path path, EntryVisitor visitor)
            throws StoreUnavailableException, InterruptedException {
        try {
            Disk.Listing listing =
                    folder.threads()
                            .call(diskWait, () -> folder.disk().list(path), FolderListing::close);
            try {
                List<Disk.Entry> entries = next(listing);
                while (!entries.isEmpty()) {
                    for (Disk.Entry entry : entries) {
                        visitor.visit(entry);
                    }
                    entries = next(listing);
                }
            } finally {
                folder.threads().later(() -> close(listing));
            }
        } catch (NoSuchFileException e) {
            // A slot that went meanwhile; whether the whole folder did is asked at the end.
            LOG.debug("gone while listing: {}", path, e);
        } catch (IOException e) {
            throw new StoreUnavailableException("cannot list " + path, e);
        }
    }

    private List<Disk.Entry> next(Disk.Listing listing)
            throws IOException, StoreUnavailableException, InterruptedException {
        return folder.threads().call(diskWait, () -> listing.next(AT_ONCE), _ -> {});
    }

    private static boolean isSlot(String name) {
        try {
            Slot.parse(name);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean isGeneration(String name) {
        try {
            new Generation(name);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static @Nullable BodyKey keyOf(String name) {
        try {
            return BodyKey.parse(name);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static void close(Disk.Listing listing) {
        try {
            listing.close();
        } catch (IOException e) {
            LOG.debug("closing a listing", e);
        }
    }

    private interface EntryVisitor {
        void visit(Disk.Entry entry) throws StoreUnavailableException, InterruptedException;
    }
}
