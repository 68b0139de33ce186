package posthaste.standalone.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The programs of PostgreSQL, unpacked from the class path. */
public final class PostgresSoftware {
    /** The major version, which is also the format of a cluster. */
    static final String MAJOR = "18";

    /** Of the folder that it is unpacked into: a newer one is unpacked beside it. */
    private static final String RELEASE = "18.6";

    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    private final Path folder;

    private PostgresSoftware(Path folder) {
        this.folder = folder;
    }

    /** Unpacks it below {@code home}, unless an earlier start did. */
    public static PostgresSoftware unpack(Path home) throws PostgresFailedException {
        Path folder = home.resolve("software-" + RELEASE);
        if (!Files.isDirectory(folder)) {
            try {
                Path unfinished = home.resolve("software.unfinished");
                delete(unfinished);
                unpackInto(Files.createDirectories(unfinished));
                Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new PostgresFailedException(
                        "PostgreSQL could not be unpacked into " + folder + ": " + e.getMessage(),
                        e);
            }
        }
        return new PostgresSoftware(folder);
    }

    /** The path of {@code postgres}, {@code pg_ctl} or {@code initdb}. */
    public Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /** Deletes a folder that an earlier start left half-made. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }

    private static void unpackInto(Path folder) throws IOException, PostgresFailedException {
        try (InputStream archive = PostgresSoftware.class.getResourceAsStream(ARCHIVE)) {
            if (archive == null || !"amd64".equals(System.getProperty("os.arch"))) {
                throw new PostgresFailedException(
                        "there is no PostgreSQL for this kind of machine in the jar; give one of yours by spring.datasource.url, username and password");
            }
            var tar = new TarArchiveInputStream(new XZCompressorInputStream(archive));
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("the archive names " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(tar, target);
                    boolean program = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            target,
                            PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }
}
