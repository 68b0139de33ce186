package posthaste.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import posthaste.bench.machine.ProcessTree;

/** Posthaste's embedded default, started as a user starts it. */
public final class PosthastePeer implements Peer {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofMinutes(1);

    private final Process process;
    private final Path data;
    private final int port;
    private final Duration startTime;

    private PosthastePeer(Process process, Path data, int port, Duration startTime) {
        this.process = process;
        this.data = data;
        this.port = port;
        this.startTime = startTime;
    }

    /**
     * Starts it on an empty data folder.
     *
     * @param launcher the {@code posthaste} of the installation
     * @param folder for its data
     * @param sinkPort to which it relays everything
     * @param more options of {@code run}
     */
    public static PosthastePeer start(Path launcher, Path folder, int sinkPort, List<String> more)
            throws IOException, InterruptedException, PeerUnavailableException {
        Files.createDirectories(folder);
        int port = Ports.free();
        Path data = folder.resolve("data");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                launcher.toString(),
                                "run",
                                "--smtp-port",
                                Integer.toString(port),
                                "--web-port",
                                Integer.toString(Ports.free()),
                                "--data-dir",
                                data.toString(),
                                "--relay-to",
                                "127.0.0.1:" + sinkPort,
                                "--posthaste.smtp.address=127.0.0.1"));
        command.addAll(more);
        Path log = folder.resolve("posthaste.log");
        long began = System.nanoTime();
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!Ports.awaitGreeting(port, START, process::isAlive)) {
            process.destroy();
            throw new PeerUnavailableException("Posthaste did not start; see " + log);
        }
        return new PosthastePeer(process, data, port, Duration.ofNanos(System.nanoTime() - began));
    }

    /** From the command to its greeting. */
    public Duration startTime() {
        return startTime;
    }

    @Override
    public String name() {
        return "Posthaste";
    }

    @Override
    public String durability() {
        return "body and record forced to disk before 250";
    }

    @Override
    public InetSocketAddress address() {
        return Ports.at(port);
    }

    /** With its PostgreSQL, which is a child no longer. */
    @Override
    public Optional<ProcessTree> processes() {
        try {
            return Optional.of(ProcessTree.of(process.toHandle(), data));
        } catch (IOException e) {
            throw new UncheckedIOException("its data folder is gone", e);
        }
    }

    @Override
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
