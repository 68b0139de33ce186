package posthaste.body.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.CorruptBodyException;
import posthaste.body.MemoryBudget;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
import posthaste.body.buffer.BodyBytes;
import posthaste.body.buffer.BufferingWriter;
import posthaste.body.buffer.CachedReading;
import posthaste.body.buffer.LargeBody;
import posthaste.body.segment.BodyKey;
import posthaste.mail.record.BodyRef;

/** Reads bodies out of files, and tells a body that is gone or damaged from a disk that fails. */
final class BodyFiles implements CachedReading.Kept {
    private static final Logger LOG = LoggerFactory.getLogger(BodyFiles.class);

    private final Folders folders;
    private final MemoryBudget budget;
    private final Duration diskWait;

    BodyFiles(Folders folders, MemoryBudget budget, Duration diskWait) {
        this.folders = folders;
        this.budget = budget;
        this.diskWait = diskWait;
    }

    @Override
    public BodyBytes readWhole(BodyRef ref)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        Place place = place(ref);
        BodyBytes bytes = memory((int) ref.length());
        boolean verified = false;
        try {
            for (int reading = 0; reading < 2 && !verified; reading++) {
                verified = readVerified(place, bytes);
            }
            if (!verified) {
                throw new CorruptBodyException(ref, "its CRC or length was wrong twice");
            }
            return bytes;
        } finally {
            if (!verified) {
                bytes.release();
            }
        }
    }

    @Override
    public StoredBody openLarge(BodyRef ref)
            throws MissingBodyException, StoreUnavailableException, InterruptedException {
        Place place = place(ref);
        BodyBytes buffer = memory(BufferingWriter.STREAMING_MEMORY);
        boolean opened = false;
        try {
            Disk.DiskFile file = call(place, place::open, BodyFiles::closeLate);
            opened = true;
            return new LargeBody(ref, new FilePieces(place.folder, file), buffer);
        } finally {
            if (!opened) {
                buffer.release();
            }
        }
    }

    private boolean readVerified(Place place, BodyBytes bytes)
            throws MissingBodyException, StoreUnavailableException, InterruptedException {
        return call(
                place,
                () -> {
                    // Should nobody wait any longer, this memory must still be ours.
                    if (!bytes.retain()) {
                        throw new IOException("given up");
                    }
                    try (Disk.DiskFile file = place.open()) {
                        long position = place.ref.offset();
                        for (ByteBuffer view : bytes.views()) {
                            file.read(position, view);
                            position += view.limit();
                        }
                        return bytes.crc32c() == place.ref.crc32c();
                    } catch (EOFException e) {
                        LOG.debug("too short for {}", place.ref, e);
                        return false;
                    } finally {
                        bytes.release();
                    }
                },
                _ -> {});
    }

    private <T> T call(Place place, DiskThreads.Work<T> work, Consumer<T> late)
            throws MissingBodyException, StoreUnavailableException, InterruptedException {
        Folder folder = place.folder;
        try {
            return folder.threads().call(diskWait, work, late);
        } catch (NoSuchFileException e) {
            if (isThere(folder)) {
                throw new MissingBodyException(place.ref);
            }
            throw new StoreUnavailableException("the body folder " + folder + " is gone", e);
        } catch (IOException e) {
            throw new StoreUnavailableException("cannot read " + place.ref, e);
        }
    }

    private boolean isThere(Folder folder) throws StoreUnavailableException, InterruptedException {
        try {
            return folder.threads().call(diskWait, folder::isThere, _ -> {});
        } catch (IOException e) {
            throw new StoreUnavailableException("the body folder " + folder + " is gone", e);
        }
    }

    private BodyBytes memory(int length) throws StoreUnavailableException, InterruptedException {
        try {
            return BodyBytes.ofLength(budget, length, diskWait);
        } catch (BudgetExhaustedException e) {
            throw new StoreUnavailableException("no memory to read a body", e);
        }
    }

    private Place place(BodyRef ref) throws StoreUnavailableException {
        BodyKey key;
        try {
            key = BodyKey.parse(ref.key());
        } catch (IllegalArgumentException e) {
            throw new StoreUnavailableException("of another kind of store: " + ref, e);
        }
        Folder folder = folders.byId(key.place());
        if (folder == null) {
            throw new StoreUnavailableException("in a folder that is not configured: " + ref);
        }
        return new Place(ref, folder, folder.path(key));
    }

    private static void closeLate(Disk.DiskFile file) {
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("closing a file that nobody waits for", e);
        }
    }

    /** A large body's file. */
    private final class FilePieces implements LargeBody.Source {
        private final Folder folder;
        private final Disk.DiskFile file;

        FilePieces(Folder folder, Disk.DiskFile file) {
            this.folder = folder;
            this.file = file;
        }

        @Override
        public void read(long position, ByteBuffer piece, BodyBytes buffer)
                throws IOException, StoreUnavailableException, InterruptedException {
            folder.threads()
                    .call(
                            diskWait,
                            () -> {
                                // Should nobody wait any longer, this memory must still be ours.
                                if (!buffer.retain()) {
                                    throw new IOException("given up");
                                }
                                try {
                                    file.read(position, piece);
                                    return true;
                                } finally {
                                    buffer.release();
                                }
                            },
                            _ -> {});
        }

        @Override
        public void close() {
            folder.threads().later(() -> closeLate(file));
        }
    }

    private record Place(BodyRef ref, Folder folder, Path path) {
        Disk.DiskFile open() throws IOException {
            return folder.disk().open(path);
        }
    }
}
