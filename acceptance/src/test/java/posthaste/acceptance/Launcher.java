package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import posthaste.testing.Requires;

/** {@code ./posthaste}, as anybody would call it. */
final class Launcher {
    private static boolean prepared;

    private Launcher() {}

    /** A call, not yet made, with the JDK of this test. */
    static ProcessBuilder call(String... arguments) {
        prepareOnce();
        return launcher(arguments);
    }

    /** The many starts of these tests are worth what a quick start costs once. */
    private static synchronized void prepareOnce() {
        if (prepared) {
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
                                Stream.of(
                                        Requires.repositoryRoot().resolve("posthaste").toString()),
                                Stream.of(arguments))
                        .toList();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("POSTHASTE_DATA_DIR");
        return builder;
    }
}
