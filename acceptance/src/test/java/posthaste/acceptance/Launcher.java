package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import posthaste.testing.Requires;

/**
 * {@code ./posthaste}, as anybody would call it; under {@code -Dposthaste.from-classes=true} the
 * classes of this test's class path instead, for whoever tries what is not packaged yet.
 */
final class Launcher {
    private static final boolean FROM_CLASSES = Boolean.getBoolean("posthaste.from-classes");
    private static boolean prepared;

    private Launcher() {}

    /** A call, not yet made, with the JDK of this test. */
    static ProcessBuilder call(String... arguments) {
        prepareOnce();
        return launcher(arguments);
    }

    /** The many starts of these tests are worth what a quick start costs once. */
    private static synchronized void prepareOnce() {
        if (prepared || FROM_CLASSES) {
            return;
        }
        try {
            Process preparing = launcher("prepare").redirectErrorStream(true).start();
            String said = new String(preparing.getInputStream().readAllBytes(), UTF_8);
            if (preparing.waitFor() != 0) {
                throw new AssertionError(said);
            }
            prepared = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static ProcessBuilder launcher(String... arguments) {
        List<String> command =
                Stream.concat(
                                FROM_CLASSES
                                        ? classes()
                                        : Stream.of(
                                                Requires.repositoryRoot()
                                                        .resolve("posthaste")
                                                        .toString()),
                                Stream.of(arguments))
                        .toList();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("POSTHASTE_DATA_DIR");
        return builder;
    }

    private static Stream<String> classes() {
        return Stream.of(
                System.getProperty("java.home") + "/bin/java",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                "posthaste.standalone.StandaloneApplication");
    }

    /** Without what is the tests' own, as how they log. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
