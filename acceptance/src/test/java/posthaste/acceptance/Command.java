package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A command of {@code ./posthaste}, done.
 *
 * @param out what it printed, {@code err} what stands on standard error
 */
record Command(int status, String out, String err) {
    private static final long LIMIT_SECONDS = 300;

    /** Does it, and waits for its end. */
    static Command run(Path folder, String... arguments) {
        try {
            Path out = Files.createTempFile(folder, "command", ".out");
            Path err = Files.createTempFile(folder, "command", ".err");
            ProcessBuilder builder =
                    Launcher.call(arguments)
                            .directory(folder.toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment()
                    .put("POSTHASTE_JAVA_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
            Process process = builder.start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it takes too long: " + String.join(" ", arguments));
            }
            return new Command(
                    process.exitValue(),
                    Files.readString(out, UTF_8),
                    Files.readString(err, UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What it printed, after {@code --json}. */
    JsonNode json() {
        return JsonMapper.shared().readTree(out);
    }
}
