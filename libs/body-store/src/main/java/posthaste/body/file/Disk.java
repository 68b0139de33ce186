package posthaste.body.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** What this package asks of a file system; any call may hang as long as a disk can hang. */
interface Disk {

    /** Creates a file that is not there yet, for writing. */
    DiskFile create(Path path) throws IOException;

    /** Opens a file for reading. */
    DiskFile open(Path path) throws IOException;

    /** Makes a folder and those above it, if they are not there. */
    void createFolders(Path folder) throws IOException;

    /** Makes a folder's entries survive a power cut. */
    void forceFolder(Path folder) throws IOException;

    /** Renames a file at once. */
    void rename(Path from, Path to) throws IOException;

    void delete(Path path) throws IOException;

    /** Bytes that we may still write where {@code folder} is. */
    long usableSpace(Path folder) throws IOException;

    /** An open file. */
    interface DiskFile extends AutoCloseable {

        /** Appends everything that remains. */
        void write(ByteBuffer bytes) throws IOException;

        /** Makes what was written survive a power cut. */
        void force() throws IOException;

        /**
         * Reads from {@code position} until {@code into} is full.
         *
         * @throws java.io.EOFException when the file ends before
         */
        void read(long position, ByteBuffer into) throws IOException;

        @Override
        void close() throws IOException;
    }
}
