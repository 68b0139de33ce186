package posthaste.acceptance.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Commands of the system that do one thing and end. */
final class Shell {
    private Shell() {}

    /**
     * Runs a command that has to succeed.
     *
     * @return what it says
     */
    static String run(List<String> command) throws InterruptedException {
        Ended ended = attempt(command);
        if (ended.status() != 0) {
            throw new AssertionError(
                    "%s ended with %d: %s"
                            .formatted(String.join(" ", command), ended.status(), ended.said()));
        }
        return ended.said();
    }

    /** How a command ended. */
    record Ended(int status, String said) {}

    /** Runs a command that may fail. */
    static Ended attempt(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Ended(process.waitFor(), said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String run(String... command) throws InterruptedException {
        return run(List.of(command));
    }
}
