package posthaste.ingest.content;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where larger messages wait for the scanners: files without a name, so that none is left behind
 * whatever happens to the process.
 *
 * @param folder made when it is first needed
 * @param threshold up to which a message is read from memory, in octets
 */
public record Spool(Path folder, int threshold) {

    /** A new file, gone when it is closed. */
    FileChannel open() throws IOException {
        Files.createDirectories(folder);
        Path path = Files.createTempFile(folder, "message-", ".tmp");
        try {
            return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } finally {
            Files.delete(path);
        }
    }
}
