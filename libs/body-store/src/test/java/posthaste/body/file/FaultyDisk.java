package posthaste.body.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The real disk, but for the faults that a test asks for; knows what would survive a power cut. */
final class FaultyDisk implements Disk {
    private final Disk real = new LocalDisk();
    private final AtomicBoolean failNextForce = new AtomicBoolean();
    private final AtomicInteger hanging = new AtomicInteger();
    private final Set<Path> unforcedFiles = ConcurrentHashMap.newKeySet();
    private final Set<Path> unforcedFolders = ConcurrentHashMap.newKeySet();
    private volatile CountDownLatch goOn = new CountDownLatch(0);
    private volatile @Nullable Path hangingFolder;
    private volatile @Nullable Path fullFolder;
    private volatile boolean failAll;
    private volatile Duration forceTakes = Duration.ZERO;

    void failNextForce() {
        failNextForce.set(true);
    }

    void failAll(boolean fail) {
        failAll = fail;
    }

    void forceTakes(Duration duration) {
        forceTakes = duration;
    }

    void full(Path folder) {
        fullFolder = folder;
    }

    /** Every force hangs. */
    void hang() {
        hang(Path.of("/"));
    }

    /** Every force in a folder hangs. */
    void hang(Path folder) {
        hangingFolder = folder;
        goOn = new CountDownLatch(1);
    }

    void goOn() {
        hangingFolder = null;
        goOn.countDown();
    }

    int hanging() {
        return hanging.get();
    }

    /** Whether what was made or deleted in a folder would survive a power cut. */
    boolean isFolderForced(Path folder) {
        return !unforcedFolders.contains(folder);
    }

    /** Whether all that was written to a file, and its name, would survive a power cut. */
    boolean isForced(Path file) {
        return !unforcedFiles.contains(file) && !unforcedFolders.contains(file.getParent());
    }

    @Override
    public DiskFile create(Path path) throws IOException {
        mayFail();
        DiskFile file = new FaultyFile(path, real.create(path));
        unforcedFolders.add(path.getParent());
        return file;
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        mayFail();
        return new FaultyFile(path, real.open(path));
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        mayFail();
        real.createFolders(folder);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        mayFail();
        real.forceFolder(folder);
        unforcedFolders.remove(folder);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        mayFail();
        real.rename(from, to);
        if (unforcedFiles.contains(from)) {
            unforcedFiles.add(to);
        }
        unforcedFolders.add(to.getParent());
    }

    @Override
    public void delete(Path path) throws IOException {
        real.delete(path);
        unforcedFolders.add(path.getParent());
    }

    @Override
    public boolean deleteIfEmpty(Path folder) throws IOException {
        mayFail();
        boolean gone = real.deleteIfEmpty(folder);
        if (gone) {
            unforcedFolders.add(folder.getParent());
        }
        return gone;
    }

    @Override
    public Listing list(Path folder) throws IOException {
        mayFail();
        return real.list(folder);
    }

    @Override
    public long usableSpace(Path folder) throws IOException {
        mayFail();
        return real.usableSpace(folder);
    }

    private void mayFail() throws IOException {
        if (failAll) {
            throw new IOException("Input/output error");
        }
    }

    private final class FaultyFile implements DiskFile {
        private final Path path;
        private final DiskFile file;

        FaultyFile(Path path, DiskFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            mayFail();
            Path full = fullFolder;
            if (full != null && path.startsWith(full)) {
                throw new IOException("No space left on device");
            }
            unforcedFiles.add(path);
            file.write(bytes);
        }

        @Override
        public void force() throws IOException {
            mayFail();
            mayHang();
            if (failNextForce.getAndSet(false)) {
                throw new IOException("Input/output error");
            }
            file.force();
            unforcedFiles.remove(path);
        }

        @Override
        public void read(long position, ByteBuffer into) throws IOException {
            mayFail();
            file.read(position, into);
        }

        @Override
        public long size() throws IOException {
            mayFail();
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }

        private void mayHang() throws IOException {
            try {
                Path folder = hangingFolder;
                if (folder != null && path.startsWith(folder)) {
                    hanging.incrementAndGet();
                    goOn.await();
                    hanging.decrementAndGet();
                }
                Thread.sleep(forceTakes);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }
}
