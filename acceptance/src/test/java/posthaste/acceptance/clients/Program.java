package posthaste.acceptance.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import posthaste.testing.Requires;

/** A program that is run to its end. */
final class Program {
    private static final long LIMIT_SECONDS = 180;

    private Program() {}

    /** Runs it, which has to succeed; what it printed. */
    static String run(
            Path folder, Path input, Map<String, String> environment, List<String> command) {
        try {
            Path out = Files.createTempFile(folder, "program", ".out");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectInput(input.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(out.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " does not end: " + Files.readString(out));
            }
            String said = new String(Files.readAllBytes(out), UTF_8);
            assertThat(process.exitValue()).as("%s: %s", command, said).isZero();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static String run(Path folder, List<String> command) {
        return run(folder, Path.of("/dev/null"), Map.of(), command);
    }

    /** A script of ours, among the tests' resources. */
    static String script(String name) {
        return Requires.repositoryRoot()
                .resolve("acceptance/src/test/resources/clients")
                .resolve(name)
                .toString();
    }
}
