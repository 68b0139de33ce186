package posthaste.acceptance.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import posthaste.testing.FreePort;
import posthaste.testing.Requires;

/**
 * {@code docker-compose.yml} as a project of its own name, on free ports, with secrets of its own:
 * a copy of what the file mounts stands in a folder, so that nothing of the user's is touched.
 */
final class ComposeProject implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 240;

    private final Path program = Requires.program("docker-compose");
    private final Path folder;
    private final String name = "posthaste-test-" + ProcessHandle.current().pid();
    private final Map<String, String> environment = new TreeMap<>();

    /** What is mounted is copied to that folder, and {@code deploy/compose/prepare} run there. */
    ComposeProject(Path folder) throws IOException {
        this.folder = folder;
        Path root = Requires.repositoryRoot();
        Files.copy(root.resolve("docker-compose.yml"), folder.resolve("docker-compose.yml"));
        run(
                folder,
                "cp",
                "-r",
                root.resolve("deploy").toString(),
                folder.resolve("deploy").toString());
        // A developer's own stay out of it.
        run(folder, "rm", "-rf", folder.resolve("deploy/compose/secrets").toString());
        run(folder, folder.resolve("deploy/compose/prepare").toString());
        for (String service : List.of("ingest", "delivery", "fallback", "bounce")) {
            Files.createSymbolicLink(
                    folder.resolve(service + "-service"), root.resolve(service + "-service"));
        }
        for (String line : Files.readAllLines(folder.resolve(".env"))) {
            if (line.contains("=")) {
                environment.put(line.split("=", 2)[0], line.split("=", 2)[1]);
            }
        }
    }

    /** Has a published port somewhere that is free, and says where. */
    int publish(String variable) {
        int port = FreePort.tcp();
        environment.put(variable, String.valueOf(port));
        return port;
    }

    String secret(String variable) {
        return environment.get(variable);
    }

    /** Runs docker-compose, and returns what it printed. */
    String compose(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "-p", name));
        command.addAll(List.of(arguments));
        return run(folder, command.toArray(String[]::new));
    }

    /** The containers of a service. */
    List<String> containers(String service) {
        return compose("ps", "-q", service).lines().filter(line -> !line.isBlank()).toList();
    }

    /** Removes it, with everything that it kept. */
    @Override
    public void close() {
        compose("down", "--volumes", "--remove-orphans", "--timeout", "10");
    }

    private String run(Path where, String... command) {
        try {
            Path out = Files.createTempFile(where, "command", ".out");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(where.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(out.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it takes too long: " + String.join(" ", command));
            }
            String said = Files.readString(out, UTF_8);
            if (process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
