package posthaste.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a test needs and a stranger's machine may not have: without it the test is skipped with a
 * clear line, or fails when the system property {@code posthaste.strict} is true.
 */
public final class Requires {
    /** Where distributions put servers that an ordinary user's PATH leaves out. */
    private static final List<String> SYSTEM_FOLDERS =
            List.of("/usr/sbin", "/sbin", "/usr/local/sbin");

    private Requires() {}

    /** The executable of that name, from the PATH or a folder of system programs. */
    public static Path program(String name) {
        return Stream.concat(
                        Stream.of(
                                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
                        SYSTEM_FOLDERS.stream())
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> missing("the program " + name + " is not installed"));
    }

    /** A folder of the corpora that lie beside the repository, as {@code messages}. */
    public static Path sharedCorpus(String name) {
        Path corpus = repositoryRoot().resolve("../shared/corpora").resolve(name).normalize();
        return Files.isDirectory(corpus) ? corpus : missing("the corpus " + name + " is not here");
    }

    /** The root of the repository. */
    public static Path repositoryRoot() {
        String root = System.getProperty("posthaste.root");
        return root != null
                ? Path.of(root)
                : missing("the system property posthaste.root is not set, as Maven does");
    }

    /**
     * For other needs: skips or fails the test unless it is there.
     *
     * @param whatIsMissing otherwise, as a sentence
     */
    public static void that(boolean isThere, String whatIsMissing) {
        if (!isThere) {
            missing(whatIsMissing);
        }
    }

    private static Path missing(String whatIsMissing) {
        return Boolean.getBoolean("posthaste.strict") ? fail(whatIsMissing) : abort(whatIsMissing);
    }
}
