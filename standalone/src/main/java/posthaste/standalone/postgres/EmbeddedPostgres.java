package posthaste.standalone.postgres;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One PostgreSQL cluster and its server: started with this object, started again when it dies,
 * stopped by {@link #close}. It listens on the loopback address only and asks for a password that
 * stands in a file of the owner's.
 *
 * <p>The server leads a session of its own, so that a Ctrl-C in the terminal reaches this process
 * alone, which still needs it while it drains. Therefore it outlives a kill of this process; the
 * next start stops it.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private static final String USER = "posthaste";
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);

    /**
     * Below those that systems give to outgoing connections (Linux begins at 32768): one of these
     * could take it between the probe and its use.
     */
    private static final int LOWEST_PORT = 10_000;

    private static final int ABOVE_HIGHEST_PORT = 32_000;
    private static final int PORT_ATTEMPTS = 1000;

    /** For a server whose predecessor was killed: its last children may take a moment to go. */
    private static final int ATTEMPTS = 3;

    /**
     * Durable against a power cut ({@code fsync}); the last commits may be lost then, which costs
     * nothing, since the queue's offsets are lost with them (DESIGN 9). The rest makes it small.
     */
    private static final Map<String, String> SETTINGS =
            Map.ofEntries(
                    Map.entry("listen_addresses", "127.0.0.1"),
                    Map.entry("unix_socket_directories", ""),
                    Map.entry("fsync", "on"),
                    Map.entry("synchronous_commit", "off"),
                    Map.entry("wal_level", "minimal"),
                    Map.entry("max_wal_senders", "0"),
                    Map.entry("max_wal_size", "512MB"),
                    Map.entry("shared_buffers", "64MB"),
                    Map.entry("max_connections", "40"),
                    Map.entry("io_method", "sync"),
                    Map.entry("jit", "off"),
                    Map.entry("log_checkpoints", "off"));

    private final Path home;
    private final Path logFile;
    private final PostgresSoftware software;
    private final String password;
    private final int port;
    private final Thread supervisor;
    private volatile boolean closing;

    private EmbeddedPostgres(
            Path home, Path logFile, PostgresSoftware software, String password, int port) {
        this.home = home;
        this.logFile = logFile;
        this.software = software;
        this.password = password;
        this.port = port;
        this.supervisor = Thread.ofVirtual().name("postgres-supervisor").unstarted(this::supervise);
    }

    /**
     * Starts a server on a free port.
     *
     * @param home everything of it stands below
     * @param logFile what the server has to say
     */
    public static EmbeddedPostgres start(Path home, Path logFile)
            throws PostgresFailedException, InterruptedException {
        try {
            Files.createDirectories(home);
            Files.createDirectories(logFile.getParent());
            var postgres =
                    new EmbeddedPostgres(
                            home,
                            logFile,
                            PostgresSoftware.unpack(home),
                            password(home.resolve("password")),
                            freePort());
            postgres.stopOrphan();
            postgres.initialise();
            postgres.startServer();
            postgres.supervisor.start();
            return postgres;
        } catch (IOException e) {
            throw new PostgresFailedException(
                    "PostgreSQL could not be started in " + home + ": " + e.getMessage(), e);
        }
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public String user() {
        return USER;
    }

    public String password() {
        return password;
    }

    /** Stops the server; clients that are still connected are cut off. */
    @Override
    public void close() {
        closing = true;
        supervisor.interrupt();
        try {
            supervisor.join();
            stopServer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | PostgresFailedException e) {
            log.warn("PostgreSQL did not stop: {}", e.getMessage());
        }
    }

    private Path cluster() {
        return home.resolve("cluster");
    }

    private void supervise() {
        while (!closing) {
            try {
                Optional<ProcessHandle> server = server();
                if (server.isPresent()) {
                    server.get().onExit().get();
                }
                if (!closing) {
                    log.warn("PostgreSQL has gone; starting it again");
                    Thread.sleep(RESTART_PAUSE);
                    startServer();
                }
            } catch (InterruptedException e) {
                return;
            } catch (ExecutionException | IOException | PostgresFailedException e) {
                log.error("PostgreSQL does not start again: {}", e.getMessage());
            }
        }
    }

    private void initialise() throws IOException, PostgresFailedException, InterruptedException {
        Path version = cluster().resolve("PG_VERSION");
        if (Files.exists(version)) {
            String found = Files.readString(version).strip();
            if (!found.equals(PostgresSoftware.MAJOR)) {
                throw new PostgresFailedException(
                        "the database in "
                                + cluster()
                                + " is of PostgreSQL "
                                + found
                                + ", this is "
                                + PostgresSoftware.MAJOR);
            }
            return;
        }
        Path unfinished = home.resolve("cluster.unfinished");
        PostgresSoftware.delete(unfinished);
        run(
                START_LIMIT,
                "initdb",
                "--pgdata=" + unfinished,
                "--username=" + USER,
                "--auth=scram-sha-256",
                "--pwfile=" + home.resolve("password"),
                "--encoding=UTF8",
                "--locale=C");
        Files.move(unfinished, cluster(), StandardCopyOption.ATOMIC_MOVE);
    }

    private void startServer() throws IOException, PostgresFailedException, InterruptedException {
        List<String> options = new ArrayList<>(List.of("-p " + port));
        SETTINGS.forEach((name, value) -> options.add("-c " + name + "=" + value));
        for (int attempt = 1; ; attempt++) {
            try {
                run(
                        START_LIMIT,
                        "pg_ctl",
                        "start",
                        "--wait",
                        "--silent",
                        "--pgdata=" + cluster(),
                        "--log=" + logFile,
                        "--options=" + String.join(" ", options));
                return;
            } catch (PostgresFailedException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                Thread.sleep(RESTART_PAUSE);
            }
        }
    }

    private void stopServer() throws IOException, PostgresFailedException, InterruptedException {
        if (server().isEmpty()) {
            return;
        }
        run(
                STOP_LIMIT.plusSeconds(5),
                "pg_ctl",
                "stop",
                "--mode=fast",
                "--wait",
                "--silent",
                "--timeout=" + STOP_LIMIT.toSeconds(),
                "--pgdata=" + cluster());
    }

    /** A server of this cluster that a killed process of ours left behind. */
    private void stopOrphan() throws IOException, PostgresFailedException, InterruptedException {
        if (server().isPresent()) {
            log.info("stopping the PostgreSQL that a killed Posthaste left behind");
            stopServer();
        } else {
            // The number may be that of a stranger now, for which the server would refuse to start.
            Files.deleteIfExists(cluster().resolve("postmaster.pid"));
        }
    }

    /** The running server of this cluster: it runs the program that was unpacked here. */
    private Optional<ProcessHandle> server() throws IOException {
        Path pidFile = cluster().resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,10}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).filter(this::isOurs);
    }

    private boolean isOurs(ProcessHandle process) {
        return process.isAlive()
                && process.info()
                        .command()
                        .map(command -> Path.of(command).startsWith(realHome()))
                        .orElse(false);
    }

    private Path realHome() {
        try {
            return home.toRealPath();
        } catch (IOException _) {
            return home.toAbsolutePath();
        }
    }

    private void run(Duration limit, String program, String... arguments)
            throws IOException, PostgresFailedException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            // PostgreSQL refuses to run as root: in a user namespace it is nobody.
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(software.program(program).toString());
        command.addAll(List.of(arguments));
        Path said = Files.createTempFile(home, program, ".out");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile())
                            .start();
            process.getOutputStream().close();
            boolean inTime;
            try {
                inTime = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                process.destroyForcibly();
            }
            if (!inTime || process.exitValue() != 0) {
                throw new PostgresFailedException(
                        "PostgreSQL's "
                                + program
                                + (inTime
                                        ? " failed"
                                        : " took longer than " + limit.toSeconds() + " s")
                                + lastLine(said)
                                + lastLine(logFile));
            }
        } finally {
            Files.deleteIfExists(said);
        }
    }

    /** Its owner is who we are. */
    private boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(home.resolve("password"), "unix:uid"));
    }

    private static String lastLine(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> !line.isBlank())
                    .reduce((_, last) -> last)
                    .map(last -> "; " + last.strip())
                    .orElse("");
        }
    }

    private static String password(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Path whole = file.resolveSibling("password.unfinished");
            Files.deleteIfExists(whole);
            Files.createFile(
                    whole,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(whole, HexFormat.of().formatHex(random) + "\n");
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file).strip();
    }

    /** Somebody else may take it before it is used, if hardly by chance. */
    private static int freePort() throws IOException {
        for (int attempt = 1; ; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, ABOVE_HIGHEST_PORT);
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (BindException e) {
                if (attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
