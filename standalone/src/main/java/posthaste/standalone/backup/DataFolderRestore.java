package posthaste.standalone.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Stream;
import posthaste.bounce.deliverylog.LogDatabase;

/** A data folder made of a backup. First its files, then, with its database running, the log. */
public final class DataFolderRestore {
    private final Path source;

    public DataFolderRestore(Path source) {
        this.source = source;
    }

    /** Whether there is a whole backup. */
    public boolean isComplete() {
        return Files.exists(source.resolve(DataFolderBackup.COMPLETE));
    }

    /** How many body folders the installation had. */
    public int bodyFolders() throws IOException {
        if (!Files.exists(source.resolve(DataFolderBackup.BODIES))) {
            // They lie in a bucket.
            return 0;
        }
        try (Stream<Path> folders = Files.list(source.resolve(DataFolderBackup.BODIES))) {
            return (int) folders.count();
        }
    }

    /** Copies queue and bodies into a folder that is empty or not there. */
    public long files(Path data) throws IOException {
        Files.createDirectories(data);
        long bytes =
                new GrowingFiles(
                                source.resolve(DataFolderBackup.KAFKA),
                                data.resolve(DataFolderBackup.KAFKA),
                                _ -> true)
                        .copy();
        if (bodyFolders() > 0) {
            bytes +=
                    new GrowingFiles(
                                    source.resolve(DataFolderBackup.BODIES).resolve("0"),
                                    data.resolve("bodies"),
                                    _ -> true)
                            .copy();
        }
        for (String name : DataFolderBackup.FILES) {
            if (Files.exists(source.resolve(name))) {
                Files.copy(
                        source.resolve(name),
                        data.resolve(name),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return bytes;
    }

    /**
     * Fills the log.
     *
     * @return rows
     */
    public long log(LogDatabase log) throws IOException, SQLException {
        try (Connection connection = log.connection()) {
            return LogDump.restore(connection, source.resolve(DataFolderBackup.LOG));
        }
    }
}
