package posthaste.acceptance.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One process of the cluster, started, broken and started again as a test likes. All that it says
 * in all of its lives stands in one log file. Not for several threads at once.
 */
public abstract class Part implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(50);

    /**
     * Beyond {@code kill}, a process is gone at once; its children may have something to finish.
     */
    private static final Duration CHILDREN_LIMIT = Duration.ofSeconds(5);

    /** Every process of every cluster of this JVM: none may outlive it. */
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ALIVE.forEach(Part::destroyWithChildren)));
    }

    private final String name;
    private final Home home;
    private final Path folder;
    private final Path log;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private @Nullable Process process;
    private boolean paused;

    /**
     * Describes a part; starts nothing.
     *
     * @param name unique in the cluster, as {@code ingest-1}
     * @param folder everything that it keeps
     * @param log what it says
     */
    Part(String name, Home home, Path folder, Path log) {
        this.name = name;
        this.home = home;
        this.folder = folder;
        this.log = log;
    }

    /** What runs; asked at each start. */
    abstract List<String> command();

    /** Makes what the process needs to find; called before each start. */
    abstract void prepare() throws IOException, InterruptedException;

    /** Whether it serves. */
    abstract boolean answers() throws InterruptedException;

    public final String name() {
        return name;
    }

    public final Home home() {
        return home;
    }

    /** Where it keeps what has to survive it. */
    public final Path folder() {
        return folder;
    }

    public final Path log() {
        return log;
    }

    public final long pid() {
        return running().pid();
    }

    public final boolean isRunning() {
        return process != null && process.isAlive();
    }

    public final boolean isPaused() {
        return paused;
    }

    public final boolean isReady() throws InterruptedException {
        return isRunning() && !paused && answers();
    }

    /** A variable of its environment, from the next start on. */
    public final void environment(Map<String, String> more) {
        environment.putAll(more);
    }

    /** Starts it and waits until it serves. */
    public final void start() throws InterruptedException {
        launch();
        awaitReady();
    }

    /** Starts it, and returns at once. */
    public final void launch() throws InterruptedException {
        if (isRunning()) {
            throw new IllegalStateException(name + " runs already");
        }
        try {
            Files.createDirectories(folder);
            Files.createDirectories(log.getParent());
            prepare();
            Files.writeString(
                    log,
                    "---- %s starts%n".formatted(name),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            ProcessBuilder builder =
                    new ProcessBuilder(home.entered(command()))
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            Process started = builder.start();
            ALIVE.removeIf(past -> !past.isAlive());
            ALIVE.add(started);
            started.getOutputStream().close();
            process = started;
            paused = false;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started", e);
        }
    }

    public final void awaitReady() throws InterruptedException {
        awaitReady(START_LIMIT);
    }

    public final void awaitReady(Duration limit) throws InterruptedException {
        long begun = System.nanoTime();
        while (!answers()) {
            if (!isRunning()) {
                throw new AssertionError(name + " ended instead of starting:\n" + lastWords());
            }
            if (System.nanoTime() - begun > limit.toNanos()) {
                throw new AssertionError(
                        "%s is not ready after %s:%n%s".formatted(name, limit, lastWords()));
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    /** The signal that asks for an end in good order. */
    String endSignal() {
        return "-TERM";
    }

    /** Asks it to end, in good order, and returns at once. */
    public final void terminate() throws InterruptedException {
        Shell.run("kill", endSignal(), String.valueOf(pid()));
    }

    /** Asks it to end and waits; returns the exit status. */
    public final int stop() throws InterruptedException {
        terminate();
        return awaitEnd(STOP_LIMIT);
    }

    /** Waits until it has ended; returns the exit status. */
    public final int awaitEnd(Duration limit) throws InterruptedException {
        Process ending = running();
        if (!ending.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(
                    "%s has not ended after %s:%n%s".formatted(name, limit, lastWords()));
        }
        return ending.exitValue();
    }

    /** As {@code kill -9}: it can do nothing about it. Its children notice and end, too. */
    public final void kill() throws InterruptedException {
        Process killed = running();
        List<ProcessHandle> children = killed.descendants().toList();
        killed.destroyForcibly().waitFor();
        paused = false;
        long until = System.nanoTime() + CHILDREN_LIMIT.toNanos();
        for (ProcessHandle child : children) {
            while (child.isAlive() && System.nanoTime() < until) {
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            }
            child.destroyForcibly();
        }
    }

    /** Stops its time, and that of its children: alive for the system, dead for its peers. */
    public final void pause() throws InterruptedException {
        signal("-STOP");
        paused = true;
    }

    /** Lets it go on as if nothing had happened. */
    public final void resume() throws InterruptedException {
        signal("-CONT");
        paused = false;
    }

    /** Stops it in good order where it runs, and starts it again. */
    public final void restart() throws InterruptedException {
        if (isRunning()) {
            stop();
        }
        start();
    }

    /** Loses everything that it kept, as with its disk. It must not run. */
    public final void wipe() {
        if (isRunning()) {
            throw new IllegalStateException(name + " runs, so its folder cannot be lost");
        }
        try (Stream<Path> content = Files.list(folder)) {
            // The folder itself may be where a disk is mounted.
            content.forEach(Part::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of its log. */
    public final String lastWords() {
        try {
            List<String> lines = Files.exists(log) ? Files.readAllLines(log, UTF_8) : List.of();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it at once, however it stands. */
    @Override
    public final void close() {
        if (process != null) {
            destroyWithChildren(process);
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public final String toString() {
        return name;
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process;
    }

    private void signal(String signal) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        command.add(String.valueOf(pid()));
        running().descendants().forEach(child -> command.add(String.valueOf(child.pid())));
        Shell.run(command);
    }

    private static void destroyWithChildren(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
