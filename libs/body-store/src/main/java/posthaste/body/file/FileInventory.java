package posthaste.body.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.inventory.StoredObject;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.SegmentItem;
import posthaste.body.segment.SegmentNames;
import posthaste.body.segment.SegmentReader;
import posthaste.body.segment.SegmentSource;

/** What stands in the folders, whoever wrote it. A folder that is away is never an empty one. */
final class FileInventory {
    private static final Logger LOG = LoggerFactory.getLogger(FileInventory.class);

    /** Files that are asked for, or deleted, in one go: each takes a moment of a disk's time. */
    private static final int AT_ONCE = 256;

    private final Folders folders;
    private final SegmentNames names;
    private final Duration diskWait;

    FileInventory(Folders folders, SegmentNames names, Duration diskWait) {
        this.folders = folders;
        this.names = names;
        this.diskWait = diskWait;
    }

    void visit(Consumer<StoredObject> visitor)
            throws StoreUnavailableException, InterruptedException {
        for (Folder folder : folders.all()) {
            requireThere(folder);
            new FolderListing(folder, diskWait).visit(visitor);
            // What vanished under the listing looked like nothing to list.
            requireThere(folder);
        }
    }

    void read(BodyKey key, Consumer<SegmentItem> items)
            throws MissingBodyException, StoreUnavailableException, InterruptedException {
        Folder folder = folderOf(key);
        Disk.DiskFile file;
        try {
            file =
                    folder.threads()
                            .call(
                                    diskWait,
                                    () -> folder.disk().open(folder.path(key)),
                                    FileInventory::close);
        } catch (NoSuchFileException e) {
            requireThere(folder);
            throw new MissingBodyException(key.toString());
        } catch (IOException e) {
            throw new StoreUnavailableException("cannot read " + key, e);
        }
        try {
            SegmentReader.read(new FileSource(folder, file), items);
        } catch (InterruptedIOException e) {
            throw new InterruptedException("the reading of " + key + " was broken off");
        } catch (IOException e) {
            throw new StoreUnavailableException("cannot read " + key, e);
        } finally {
            folder.threads().later(() -> close(file));
        }
    }

    void delete(Collection<BodyKey> keys) throws StoreUnavailableException, InterruptedException {
        List<StoreUnavailableException> left = new ArrayList<>();
        for (List<BodyKey> slot : bySlot(keys)) {
            for (int from = 0; from < slot.size(); from += AT_ONCE) {
                try {
                    deleteOfOneSlot(slot.subList(from, Math.min(slot.size(), from + AT_ONCE)));
                } catch (StoreUnavailableException e) {
                    left.add(e);
                }
            }
        }
        if (!left.isEmpty()) {
            StoreUnavailableException first = left.removeFirst();
            left.forEach(first::addSuppressed);
            throw first;
        }
    }

    int deleteUnfinished(Instant limit) throws StoreUnavailableException, InterruptedException {
        int deleted = 0;
        for (Folder folder : folders.all()) {
            requireThere(folder);
            try {
                deleted +=
                        folder.threads()
                                .call(diskWait, () -> folder.clearUnfinished(limit), _ -> {});
            } catch (IOException e) {
                throw new StoreUnavailableException("cannot clear " + folder.unfinished(), e);
            }
        }
        return deleted;
    }

    private void deleteOfOneSlot(List<BodyKey> keys)
            throws StoreUnavailableException, InterruptedException {
        BodyKey first = keys.getFirst();
        Folder folder = folderOf(first);
        if (!names.isPast(first.slot())) {
            throw new StoreUnavailableException("of a slot that is not past: " + first);
        }
        requireThere(folder);
        List<BodyKey> open = keys.stream().filter(folder.openSegments()::contains).toList();
        try {
            folder.threads()
                    .call(
                            diskWait,
                            () -> {
                                for (BodyKey key : keys) {
                                    if (!open.contains(key)) {
                                        folder.disk().delete(folder.path(key));
                                    }
                                }
                                folder.deleteSlotIfEmpty(first);
                                return true;
                            },
                            _ -> {});
        } catch (NoSuchFileException e) {
            // Nothing is left of the slot, or of the whole folder.
            requireThere(folder);
        } catch (IOException e) {
            throw new StoreUnavailableException("cannot delete what is in " + folder, e);
        }
        if (!open.isEmpty()) {
            throw new StoreUnavailableException("still written to: " + open);
        }
    }

    /** Of each slot in each folder, what is to go. */
    private static Collection<List<BodyKey>> bySlot(Collection<BodyKey> keys) {
        Map<String, List<BodyKey>> slots = new LinkedHashMap<>();
        for (BodyKey key : keys) {
            String slot = key.place() + '/' + key.generation().name() + '/' + key.slot().name();
            slots.computeIfAbsent(slot, _ -> new ArrayList<>()).add(key);
        }
        return slots.values();
    }

    private Folder folderOf(BodyKey key) throws StoreUnavailableException {
        Folder folder = folders.byId(key.place());
        if (folder == null) {
            throw new StoreUnavailableException("in a folder that is not configured: " + key);
        }
        return folder;
    }

    private void requireThere(Folder folder)
            throws StoreUnavailableException, InterruptedException {
        try {
            if (!folder.threads().call(diskWait, folder::isThere, _ -> {})) {
                throw new StoreUnavailableException(
                        folder + " is no longer the body folder that was opened");
            }
        } catch (IOException e) {
            throw new StoreUnavailableException("the body folder " + folder + " is gone", e);
        }
    }

    private static void close(Disk.DiskFile file) {
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("closing after reading", e);
        }
    }

    /** A file's bytes; each piece may take as long as a disk may. */
    private final class FileSource implements SegmentSource {
        private final Folder folder;
        private final Disk.DiskFile file;
        private final long size;

        /** An open segment may grow while it is read: what is there now is what counts. */
        FileSource(Folder folder, Disk.DiskFile file) throws IOException {
            this.folder = folder;
            this.file = file;
            this.size = call(file::size);
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void read(long position, ByteBuffer into) throws IOException {
            // Should nobody wait any longer, the late answer is for nobody.
            ByteBuffer piece = ByteBuffer.allocate(into.remaining());
            call(() -> {
                file.read(position, piece);
                return true;
            });
            into.put(piece.flip());
        }

        private <T> T call(DiskThreads.Work<T> work) throws IOException {
            try {
                return folder.threads().call(diskWait, work, _ -> {});
            } catch (StoreUnavailableException e) {
                throw new IOException(e);
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        }
    }
}
