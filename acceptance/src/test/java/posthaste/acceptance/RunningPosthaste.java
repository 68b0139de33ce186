package posthaste.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import posthaste.testing.FreePort;
import posthaste.testing.SmtpDialogue;

/**
 * Posthaste as {@code ./posthaste run} starts it: a process of its own on free ports, killed and
 * started again as a test likes. What it says stands in {@code NAME.out} and {@code NAME.err}
 * beside its data folder.
 */
public final class RunningPosthaste implements AutoCloseable {
    public static final String PASSWORD = "acceptance";

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    /** A test's JVM is short-lived: what its compiler would win, it costs. */
    private static final String QUICK_JVM = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    private final Path dataDir;
    private final Map<String, String> options;
    private final String javaOptions;
    private final Map<String, String> environment;
    private Process process;

    private RunningPosthaste(Plan plan) {
        this.dataDir = plan.dataDir;
        this.options = plan.options;
        this.javaOptions = plan.javaOptions;
        this.environment = plan.environment;
    }

    /** What differs from one run to the next. */
    public static final class Plan {
        private final Path dataDir;
        private final Map<String, String> options = new LinkedHashMap<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private String javaOptions = QUICK_JVM + " -Xmx384m";

        private Plan(Path dataDir) {
            this.dataDir = dataDir;
            options.put("smtp-port", String.valueOf(FreePort.tcp()));
            options.put("web-port", String.valueOf(FreePort.tcp()));
            options.put("data-dir", dataDir.toString());
            options.put("posthaste.smtp.address", "127.0.0.1");
        }

        /** An option of the command line, without its dashes. */
        public Plan with(String option, Object value) {
            options.put(option, value.toString());
            return this;
        }

        public Plan relayingTo(String hostAndPort) {
            return with("relay-to", hostAndPort);
        }

        /** Where it is going to take mail, unless it has listeners of other names. */
        public int smtpPort() {
            return Integer.parseInt(options.get("smtp-port"));
        }

        /** Options of the JVM, in place of those for a quick start. */
        public Plan javaOptions(String all) {
            this.javaOptions = all;
            return this;
        }

        /** A variable of its environment. */
        public Plan environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** Starts it and waits until it is ready. */
        public RunningPosthaste start() {
            RunningPosthaste posthaste = new RunningPosthaste(this);
            posthaste.restart();
            return posthaste;
        }

        /** Starts it where it has to refuse, and returns what it said. */
        Refusal refused() {
            RunningPosthaste posthaste = new RunningPosthaste(this);
            try {
                posthaste.launch();
                while (!posthaste.process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    if (!posthaste.readyLine().isEmpty()) {
                        throw new AssertionError("it did not refuse: " + posthaste.said());
                    }
                }
                return new Refusal(posthaste.process.exitValue(), posthaste.errors());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                posthaste.kill();
            }
        }
    }

    /** How a start ended that was not to succeed. */
    record Refusal(int status, String sentence) {}

    public static Plan on(Path dataDir) {
        return new Plan(dataDir);
    }

    public int smtpPort() {
        return Integer.parseInt(options.get("smtp-port"));
    }

    public int webPort() {
        return Integer.parseInt(options.get("web-port"));
    }

    public Path dataDir() {
        return dataDir;
    }

    public long pid() {
        return process.pid();
    }

    /** The memory that it holds now. */
    public long residentBytes() {
        String status = read(Path.of("/proc", String.valueOf(pid()), "status"));
        String kilobytes = status.replaceFirst("(?s).*VmRSS:\\s*(\\d+) kB.*", "$1");
        return Long.parseLong(kilobytes) * 1024;
    }

    /** Files and sockets that it has open now. */
    public long openFiles() {
        try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(pid()), "fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** Whether it ends of itself in this time. */
    public boolean endsWithin(Duration patience) throws InterruptedException {
        return process.waitFor(patience);
    }

    /** A client that has said EHLO. */
    SmtpDialogue client() {
        return SmtpDialogue.greet(smtpPort());
    }

    public RestClient rest() {
        return new RestClient(webPort(), "admin", PASSWORD);
    }

    /** Hands in one mail; returns its id. */
    String accept(String from, List<String> recipients, byte[] message) {
        try (SmtpDialogue client = client()) {
            return idIn(client.mail(from, recipients, message));
        }
    }

    /** The id in {@code 250 2.0.0 queued as <id>}. */
    static String idIn(SmtpDialogue.Reply reply) {
        assertThat(reply.toString()).matches("250 2\\.0\\.0 queued as \\S+");
        return reply.text().substring(reply.text().lastIndexOf(' ') + 1);
    }

    /** As {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** As {@code Ctrl-C}; returns the exit status. */
    public int stop() {
        process.destroy();
        return awaitEnd();
    }

    /** Starts it again, on the same ports and folder. */
    public void restart() {
        launch();
        awaitReady();
    }

    /** The same, with an option changed. */
    void restartWith(String option, Object value) {
        options.put(option, value.toString());
        restart();
    }

    /** The line that it prints when it is ready. */
    String readyLine() {
        return read(said("out")).strip();
    }

    /** What stands on standard error. */
    String errors() {
        return read(said("err"));
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
    }

    private void launch() {
        List<String> command = new ArrayList<>();
        command.add("run");
        options.forEach((name, value) -> command.add("--" + name + "=" + value));
        ProcessBuilder builder =
                Launcher.call(command.toArray(String[]::new))
                        .directory(dataDir.getParent().toFile())
                        .redirectOutput(said("out").toFile())
                        .redirectError(said("err").toFile());
        builder.environment().put("POSTHASTE_JAVA_OPTS", javaOptions);
        builder.environment().put("POSTHASTE_ADMIN_PASSWORD", PASSWORD);
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        try {
            while (readyLine().isEmpty()) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new AssertionError("it did not get ready: " + said());
                }
                process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            if (readyLine().isEmpty()) {
                process.destroyForcibly();
            }
        }
    }

    private int awaitEnd() {
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it did not stop: " + said());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Path said(String stream) {
        return dataDir.resolveSibling(dataDir.getFileName() + "." + stream);
    }

    /** What it has printed, and logged. */
    public String said() {
        return readyLine() + "\n" + errors();
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
