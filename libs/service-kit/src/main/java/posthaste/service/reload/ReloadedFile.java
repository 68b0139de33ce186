package posthaste.service.reload;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.service.settings.StartRefusedException;

/**
 * A file's value, that of its last right state. A change is read once it has stood still from one
 * look to the next, since many editors empty a file before they write it.
 *
 * @param <T> immutable
 */
public final class ReloadedFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadedFile.class);

    private final String name;
    private final Path path;
    private final FileParser<T> parser;
    private final ReloadMetrics metrics;

    private volatile T current;

    /** As of the last look, and judged: in force, or refused. */
    private @Nullable Fingerprint judged;

    private @Nullable Fingerprint seen;
    private String told = "";
    private boolean failedBefore;

    private ReloadedFile(
            String name, Path path, FileParser<T> parser, ReloadMetrics metrics, Loaded<T> first) {
        this.name = name;
        this.path = path;
        this.parser = parser;
        this.metrics = metrics;
        this.current = first.value();
        this.judged = first.fingerprint();
        metrics.loaded();
    }

    private record Loaded<T>(T value, Fingerprint fingerprint) {}

    /**
     * Reads it for the first time.
     *
     * @param name says what it holds, as {@code policy}
     * @throws StartRefusedException with file, line and reason, when it is wrong
     */
    static <T> ReloadedFile<T> first(
            String name, Path path, FileParser<T> parser, ReloadMetrics metrics) {
        try {
            Fingerprint fingerprint = Fingerprint.of(path);
            T value = parser.parse(path);
            return new ReloadedFile<>(
                    name, path, parser, metrics, new Loaded<>(value, fingerprint));
        } catch (WrongFileException e) {
            throw new StartRefusedException(
                    "The " + name + " file is wrong: " + e.getMessage() + ".", e);
        } catch (IOException e) {
            throw new StartRefusedException(
                    "The " + name + " file cannot be read: " + path + ": " + why(e) + ".", e);
        }
    }

    /** What the file said when it was last right; without a lock, for any number of threads. */
    public T current() {
        return current;
    }

    public Path path() {
        return path;
    }

    /** Whether the file as it stands is what is in force. */
    synchronized boolean isInForce() {
        return told.isEmpty();
    }

    /** Looks whether the file has changed, and takes a change that has stood still since before. */
    synchronized void look() {
        try {
            Fingerprint now = Fingerprint.of(path);
            failedBefore = false;
            if (now.equals(judged)) {
                seen = null;
                return;
            }
            if (!now.equals(seen)) {
                seen = now;
                return;
            }
            T fresh = parser.parse(path);
            if (!Fingerprint.of(path).equals(now)) {
                // Written to while we read it: what was read may be half of it.
                return;
            }
            judged = now;
            current = fresh;
            told = "";
            metrics.loaded();
            LOG.info("the {} file {} has changed and is in force", name, path);
        } catch (WrongFileException e) {
            judged = seen;
            refuse(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            // Gone for a moment while an editor puts another in its place. Or it may be mended
            // without a change to the file, as by another mode: so it is tried again.
            judged = null;
            if (failedBefore) {
                refuse(path + ": " + why(e));
            }
            failedBefore = true;
        } catch (RuntimeException e) {
            judged = seen;
            LOG.error("a defect of ours in reading the {} file {}", name, path, e);
            refuse(path + ": " + e);
        }
    }

    private void refuse(String reason) {
        if (!reason.equals(told)) {
            told = reason;
            metrics.refused();
            LOG.error(
                    "the {} file is refused, what it said before stays in force: {}", name, reason);
        }
    }

    private static String why(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "this user may not read it";
            default -> String.valueOf(e.getMessage());
        };
    }
}
