package posthaste.body.file;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The file system of this machine. */
final class LocalDisk implements Disk {
    /** Bodies are nobody else's business. */
    private static final FileAttribute<?>[] OWNER_ONLY = {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
    };

    @Override
    public DiskFile create(Path path) throws IOException {
        return new LocalFile(FileChannel.open(path, CREATE_NEW, WRITE));
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        return new LocalFile(FileChannel.open(path, READ));
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        Files.createDirectories(folder, posix ? OWNER_ONLY : new FileAttribute<?>[0]);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, READ)) {
            channel.force(true);
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public boolean deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }

    @Override
    public Listing list(Path folder) throws IOException {
        return new LocalListing(folder);
    }

    @Override
    public long usableSpace(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    private static final class LocalListing implements Listing {
        private final DirectoryStream<Path> stream;
        private final Iterator<Path> paths;

        LocalListing(Path folder) throws IOException {
            this.stream = folder.getFileSystem().provider().newDirectoryStream(folder, _ -> true);
            this.paths = stream.iterator();
        }

        @Override
        public List<Entry> next(int count) throws IOException {
            List<Entry> entries = new ArrayList<>(count);
            try {
                while (entries.size() < count && paths.hasNext()) {
                    Path path = paths.next();
                    try {
                        BasicFileAttributes file =
                                Files.readAttributes(path, BasicFileAttributes.class);
                        entries.add(
                                new Entry(
                                        path.getFileName().toString(),
                                        file.isDirectory(),
                                        file.size(),
                                        file.lastModifiedTime().toInstant()));
                    } catch (NoSuchFileException _) {
                        // Deleted since it was listed; or a link that leads nowhere.
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            return entries;
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    private record LocalFile(FileChannel channel) implements DiskFile {
        @Override
        public void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        @Override
        public void force() throws IOException {
            // Without times: fdatasync. The length, which is needed to read, is forced all the
            // same.
            channel.force(false);
        }

        @Override
        public void read(long position, ByteBuffer into) throws IOException {
            long at = position;
            while (into.hasRemaining()) {
                int n = channel.read(into, at);
                if (n < 0) {
                    throw new EOFException("the file ends at " + at);
                }
                at += n;
            }
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
