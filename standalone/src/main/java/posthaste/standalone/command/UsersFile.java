package posthaste.standalone.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import posthaste.ingest.auth.users.UserFile;
import posthaste.service.reload.WrongFileException;

/**
 * Changes single lines of a file of users. The new file is checked as a whole before it takes the
 * old one's place at one stroke, so that a running service never reads half or a wrong one.
 */
final class UsersFile {
    private static final Set<PosixFilePermission> OWNERS_ALONE =
            PosixFilePermissions.fromString("rw-------");

    private final Path file;
    private final Check check;
    private final UnaryOperator<String> canonical;

    /** Whoever reads the file, and says what is wrong with it. */
    @FunctionalInterface
    interface Check {
        void read(Path file) throws IOException, WrongFileException;
    }

    /** Of users who submit mail. */
    UsersFile(Path file) {
        this(file, UserFile::parse, name -> name.toLowerCase(Locale.ROOT));
    }

    /**
     * Of others.
     *
     * @param canonical what makes one of the spellings of a name
     */
    UsersFile(Path file, Check check, UnaryOperator<String> canonical) {
        this.file = file;
        this.check = check;
        this.canonical = canonical;
    }

    /** What it says. */
    UserFile.Content read() throws CommandFailedException {
        try {
            return UserFile.parse(file);
        } catch (WrongFileException e) {
            throw new CommandFailedException(e.getMessage() + ".", e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Puts a line at the end; makes the file if there is none, for its owner alone. */
    void add(String line) throws CommandFailedException {
        List<String> lines = new ArrayList<>(lines());
        lines.add(line);
        write(lines);
    }

    /** Puts a line in the place of a user's. */
    void replaceUser(String name, String line) throws CommandFailedException {
        List<String> lines = new ArrayList<>(lines());
        lines.replaceAll(old -> isOf(name, old) ? line : old);
        write(lines);
    }

    /** Takes a user's line out. */
    void remove(String name) throws CommandFailedException {
        lineOf(name);
        List<String> lines = new ArrayList<>(lines());
        lines.removeIf(line -> isOf(name, line));
        write(lines);
    }

    /** A user's line as it stands. */
    String lineOf(String name) throws CommandFailedException {
        return lines().stream()
                .filter(line -> isOf(name, line))
                .findFirst()
                .orElseThrow(() -> new CommandFailedException("there is no user " + name + "."));
    }

    private boolean isOf(String name, String line) {
        String[] words = line.strip().split("\\s+", -1);
        return words.length > 1
                && words[0].equals("user")
                && canonical.apply(words[1]).equals(name);
    }

    private List<String> lines() throws CommandFailedException {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void write(List<String> lines) throws CommandFailedException {
        Path real;
        try {
            real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            Path fresh = real.resolveSibling("." + real.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(OWNERS_ALONE));
            Files.writeString(fresh, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
            try {
                check.read(fresh);
            } catch (WrongFileException e) {
                Files.delete(fresh);
                throw new CommandFailedException(
                        "nothing was changed: " + e.reason() + " (line " + e.line() + ").", e);
            }
            if (Files.exists(real)) {
                keepOwners(real, fresh);
            }
            Files.move(
                    fresh,
                    real,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandFailedException(
                    file + " can't be written: " + e.getMessage() + ".", e);
        }
    }

    /** Those of the file before: root may write the file of a service that runs as another. */
    private static void keepOwners(Path real, Path fresh) throws IOException {
        PosixFileAttributes before = Files.readAttributes(real, PosixFileAttributes.class);
        PosixFileAttributes made = Files.readAttributes(fresh, PosixFileAttributes.class);
        PosixFileAttributeView view =
                Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
        if (!made.group().equals(before.group())) {
            view.setGroup(before.group());
        }
        if (!made.owner().equals(before.owner())) {
            view.setOwner(before.owner());
        }
        view.setPermissions(before.permissions());
    }

    private CommandFailedException unreadable(IOException e) {
        return new CommandFailedException(file + " can't be read: " + e.getMessage() + ".", e);
    }
}
