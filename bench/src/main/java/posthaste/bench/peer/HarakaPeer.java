package posthaste.bench.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import posthaste.bench.machine.ProcessTree;

/** The Haraka that is installed ({@code npm install -g haraka}), with an instance of its own. */
public final class HarakaPeer implements Peer {
    private static final String PROGRAM = "haraka";
    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final int port;

    private HarakaPeer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it, a worker for each processor.
     *
     * @param folder for its instance
     * @param sinkPort to which it relays everything
     * @param sessions by which it is to deliver at the same time
     */
    public static HarakaPeer start(Path folder, int sinkPort, int sessions)
            throws IOException, InterruptedException, PeerUnavailableException {
        Path program =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                        .map(directory -> Path.of(directory, PROGRAM))
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElseThrow(() ->
                                new PeerUnavailableException(
                                        "Haraka is not installed: there is no haraka on the PATH"));
        int port = Ports.free();
        Path config = Files.createDirectories(folder.resolve("config"));
        Path plugins = Files.createDirectories(folder.resolve("plugins"));
        Files.createDirectories(folder.resolve("queue"));
        Files.writeString(
                config.resolve("smtp.ini"), "listen=127.0.0.1:" + port + "\nnodes=cpus\n");
        Files.writeString(
                config.resolve("outbound.ini"),
                """
                concurrency_max=%d
                enable_tls=false
                local_mx_ok=true
                always_split=false
                """
                        .formatted(2 * sessions));
        Files.writeString(config.resolve("plugins"), "bench_route\n");
        Files.writeString(config.resolve("me"), "relay.bench.example\n");
        Files.writeString(config.resolve("databytes"), "157286400\n");
        Files.writeString(config.resolve("log.ini"), "[main]\nlevel=notice\n");
        // Haraka 3.3 fails at the first connection without one in the instance.
        Files.writeString(config.resolve("connection.ini"), "[message]\ngreeting[]=relay\n");
        Files.writeString(
                plugins.resolve("bench_route.js"),
                """
                exports.hook_connect = function (next, connection) { connection.relaying = true; next() }
                exports.hook_mail = (next) => next(OK)
                exports.hook_rcpt = (next) => next(OK)
                exports.hook_get_mx = (next, hmail, domain) =>
                    next(OK, { exchange: '127.0.0.1', port: %d, priority: 0 })
                """
                        .formatted(sinkPort));
        Process process =
                new ProcessBuilder(program.toString(), "-c", folder.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("haraka.log").toFile())
                        .start();
        if (!Ports.awaitGreeting(port, START, process::isAlive)) {
            process.destroy();
            throw new PeerUnavailableException("Haraka did not start; see " + folder);
        }
        return new HarakaPeer(process, port);
    }

    @Override
    public String name() {
        return "Haraka";
    }

    @Override
    public String durability() {
        return "queue file forced to disk before 250";
    }

    @Override
    public InetSocketAddress address() {
        return Ports.at(port);
    }

    @Override
    public Optional<ProcessTree> processes() {
        return Optional.of(new ProcessTree(process.toHandle()));
    }

    @Override
    public void stop() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
