package posthaste.standalone.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import posthaste.service.settings.StartRefusedException;

/**
 * The folder in which everything is kept, claimed for this process as long as it lives.
 *
 * <p>{@code posthaste.version} says whose it is; {@code posthaste.pid} is locked, and names who has
 * locked it in its first line (the second, once it is ready, says where it listens).
 */
public final class DataFolder implements AutoCloseable {
    /** Of the folder's layout; another number means that this version cannot read it. */
    static final int FORMAT = 1;

    private static final String VERSION_FILE = "posthaste.version";
    private static final String PID_FILE = "posthaste.pid";
    private static final String VERSION_PREFIX = "posthaste data folder, format ";

    private final Path path;
    private final FileChannel pidFile;
    private final FileLock lock;

    private DataFolder(Path path, FileChannel pidFile, FileLock lock) {
        this.path = path;
        this.pidFile = pidFile;
        this.lock = lock;
    }

    /**
     * Takes a folder, making it if need be.
     *
     * @throws StartRefusedException when it is in use, not ours, of another format, or unwritable
     */
    public static DataFolder claim(Path path) {
        Path folder = path.toAbsolutePath().normalize();
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new StartRefusedException("the data folder " + folder + " is not a folder.", e);
        } catch (IOException e) {
            throw new StartRefusedException(
                    "the data folder " + folder + " cannot be made: " + reason(e) + ".", e);
        }
        return tryClaim(folder)
                .orElseThrow(() ->
                        new StartRefusedException(
                                "the data folder "
                                        + folder
                                        + " is in use by a running Posthaste"
                                        + inBrackets(pidOfUser(folder))
                                        + "."));
    }

    /**
     * Takes a folder that is there, unless another process has it.
     *
     * @throws StartRefusedException when it is not ours, of another format, or unwritable
     */
    public static Optional<DataFolder> tryClaim(Path folder) {
        checkOurs(folder);
        Optional<DataFolder> claimed = lock(folder);
        try {
            checkOurs(folder);
            claimed.ifPresent(DataFolder::writeVersion);
            return claimed;
        } catch (RuntimeException e) {
            claimed.ifPresent(DataFolder::close);
            throw e;
        }
    }

    /**
     * The folder, if Posthaste has written there before.
     *
     * @throws StartRefusedException when it has not
     */
    public static Path existing(Path path) {
        Path folder = path.toAbsolutePath().normalize();
        if (!Files.exists(folder.resolve(VERSION_FILE))) {
            throw new StartRefusedException(
                    "there is no data folder of Posthaste at "
                            + folder
                            + "; name it by --data-dir, or a cluster by"
                            + " --posthaste.kafka.bootstrap-servers.");
        }
        return folder;
    }

    /** The number of the process that has the folder, or last had it; empty when it left none. */
    public static String pidOfUser(Path folder) {
        try {
            return Files.readString(folder.resolve(PID_FILE)).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new StartRefusedException(
                    "the data folder " + folder + " cannot be read: " + reason(e) + ".", e);
        }
    }

    public Path path() {
        return path;
    }

    public Path resolve(String name) {
        return path.resolve(name);
    }

    /** Notes for {@code ./posthaste status} that it is ready, and where. */
    public void announce(String readyLine) {
        writePidFile(readyLine);
    }

    /** Gives the folder free. */
    @Override
    public void close() {
        try (pidFile) {
            pidFile.truncate(0);
            lock.release();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkOurs(Path folder) {
        Path version = folder.resolve(VERSION_FILE);
        try {
            if (!Files.exists(version)) {
                try (Stream<Path> entries = Files.list(folder)) {
                    if (!entries.allMatch(DataFolder::mayBeInAnEmptyFolder)) {
                        throw new StartRefusedException(
                                "the folder "
                                        + folder
                                        + " holds something that is not Posthaste's; give it an empty or a new one as data folder.");
                    }
                }
                return;
            }
            String found = Files.readString(version).strip();
            if (!found.equals(VERSION_PREFIX + FORMAT)) {
                throw new StartRefusedException(
                        "the data folder "
                                + folder
                                + " is of another version (\""
                                + found
                                + "\"; this one reads \""
                                + VERSION_PREFIX
                                + FORMAT
                                + "\").");
            }
        } catch (IOException e) {
            throw new StartRefusedException(
                    "the data folder " + folder + " cannot be read: " + reason(e) + ".", e);
        }
    }

    /** What a start that did not get far leaves, and what a fresh file system has. */
    private static boolean mayBeInAnEmptyFolder(Path entry) {
        String name = entry.getFileName().toString();
        return name.startsWith("posthaste.") || name.equals("lost+found");
    }

    private static Optional<DataFolder> lock(Path folder) {
        Path file = folder.resolve(PID_FILE);
        try {
            FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            DataFolder claimed = new DataFolder(folder, channel, lock);
            claimed.writePidFile("");
            return Optional.of(claimed);
        } catch (IOException e) {
            throw new StartRefusedException(
                    "the data folder " + folder + " cannot be written: " + reason(e) + ".", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String inBrackets(String pid) {
        return pid.isEmpty() ? "" : " (pid " + pid + ")";
    }

    private void writePidFile(String readyLine) {
        byte[] text =
                (ProcessHandle.current().pid() + "\n" + readyLine + "\n")
                        .getBytes(StandardCharsets.UTF_8);
        try {
            pidFile.truncate(0);
            pidFile.write(ByteBuffer.wrap(text), 0);
        } catch (IOException e) {
            throw new StartRefusedException(
                    "the data folder " + path + " cannot be written: " + reason(e) + ".", e);
        }
    }

    private void writeVersion() {
        Path version = path.resolve(VERSION_FILE);
        try {
            if (!Files.exists(version)) {
                Path whole =
                        Files.writeString(
                                path.resolve(VERSION_FILE + ".new"),
                                VERSION_PREFIX + FORMAT + "\n");
                Files.move(whole, version, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new StartRefusedException(
                    "the data folder " + path + " cannot be written: " + reason(e) + ".", e);
        }
    }

    /** Java's file exceptions carry the path alone, or a reason after it. */
    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
