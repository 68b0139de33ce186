package posthaste.body.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

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

    /** Deletes a file, if it is there. */
    void delete(Path path) throws IOException;

    /**
     * Deletes a folder if nothing is in it.
     *
     * @return whether it is gone
     */
    boolean deleteIfEmpty(Path folder) throws IOException;

    /** Begins to list what stands in a folder. */
    Listing list(Path folder) throws IOException;

    /** Bytes that we may still write where {@code folder} is. */
    long usableSpace(Path folder) throws IOException;

    /** What stands in a folder, piece by piece. */
    interface Listing extends AutoCloseable {

        /** So many more, in no order, less what was deleted meanwhile; none: that was all. */
        List<Entry> next(int count) throws IOException;

        @Override
        void close() throws IOException;
    }

    /**
     * What stands in a folder.
     *
     * @param size of a file, in bytes
     * @param modified when it was written to last, by the clock of whoever keeps the disk
     */
    record Entry(String name, boolean folder, long size, Instant modified) {}

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

        /** In bytes. */
        long size() throws IOException;

        @Override
        void close() throws IOException;
    }
}
