package posthaste.standalone.spill;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Things to be brought together by key, more of them than memory holds: each goes to the file of
 * its key's bucket, and then one bucket after another is taken into memory. What has one key is in
 * one bucket. Of ten million entries with their envelopes a bucket has some 20 MB.
 */
public final class Buckets implements AutoCloseable {
    private static final int COUNT = 256;
    private static final int BUFFER = 16 * 1024;

    private final Path folder;
    private final List<Path> files = new ArrayList<>();
    private final List<DataOutputStream> writers = new ArrayList<>();

    /** Makes them in a new folder of the system's for temporary files ({@code java.io.tmpdir}). */
    public Buckets() throws IOException {
        folder = Files.createTempDirectory("posthaste-");
        for (int i = 0; i < COUNT; i++) {
            Path file = folder.resolve(Integer.toString(i));
            files.add(file);
            writers.add(
                    new DataOutputStream(
                            new BufferedOutputStream(Files.newOutputStream(file), BUFFER)));
        }
    }

    /** How many there are. */
    public int count() {
        return COUNT;
    }

    /**
     * Adds a thing.
     *
     * @throws UncheckedIOException when the disk does not take it
     */
    public void add(String key, byte[] thing) {
        DataOutputStream writer = writers.get(Math.floorMod(key.hashCode(), COUNT));
        try {
            writer.writeUTF(key);
            writer.writeInt(thing.length);
            writer.write(thing);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Visits what was added to a bucket, in that order; nothing can be added any more. */
    public void read(int bucket, BiConsumer<String, byte[]> visitor) throws IOException {
        writers.get(bucket).close();
        try (DataInputStream in =
                new DataInputStream(
                        new BufferedInputStream(Files.newInputStream(files.get(bucket)), BUFFER))) {
            while (true) {
                String key;
                try {
                    key = in.readUTF();
                } catch (EOFException _) {
                    return;
                }
                visitor.accept(key, in.readNBytes(in.readInt()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (DataOutputStream writer : writers) {
            writer.close();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
    }
}
