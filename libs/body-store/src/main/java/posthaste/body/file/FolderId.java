package posthaste.body.file;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import posthaste.body.segment.RandomNames;

/**
 * The name of a folder, kept inside it and carried by every key. So folders may be moved and listed
 * in any order, and an empty mount point is never taken for a folder that has lost its bodies.
 */
final class FolderId {
    private static final String FILE = ".posthaste-bodies";
    private static final Pattern FORM = Pattern.compile("[a-z0-9]{1,32}");
    private static final int LONGEST = 64;
    private static final Object IN_THIS_PROCESS = new Object();

    private FolderId() {}

    /** The id of a folder, which is given one if it has none yet, by one process among many. */
    static String ensure(Path folder) throws IOException {
        // A lock on a file keeps other processes out, but throws for threads of the same one.
        synchronized (IN_THIS_PROCESS) {
            try (FileChannel file = FileChannel.open(folder.resolve(FILE), CREATE, READ, WRITE);
                    FileLock _ = file.lock()) {
                if (file.size() == 0) {
                    String id = RandomNames.next(8);
                    file.write(ByteBuffer.wrap((id + '\n').getBytes(StandardCharsets.US_ASCII)));
                    file.force(true);
                }
            }
            return read(folder);
        }
    }

    /** The id of a folder that has one. */
    static String read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.size(file) > LONGEST) {
            throw new IOException(file + " is not the name of a body folder");
        }
        String id = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        if (!FORM.matcher(id).matches()) {
            throw new IOException(file + " is not the name of a body folder");
        }
        return id;
    }
}
