package posthaste.standalone.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import posthaste.bench.Benchmark;
import posthaste.bench.Measurement;
import posthaste.bench.Scenario;
import posthaste.bench.peer.GivenPeer;
import posthaste.bench.peer.HarakaPeer;
import posthaste.bench.peer.Peer;
import posthaste.bench.peer.PeerUnavailableException;
import posthaste.bench.peer.PostfixPeer;
import posthaste.bench.peer.PosthastePeer;
import posthaste.bench.report.Chart;
import posthaste.bench.report.Results;
import posthaste.bench.report.Table;
import posthaste.bench.sink.CountingSink;
import tools.jackson.databind.json.JsonMapper;

/** How fast it is on this machine, beside other relays that are installed on it. */
@Command(
        name = "bench",
        description = "measures how fast it relays on this machine, and others beside it")
final class BenchCommand extends PosthasteCommand {
    /** Set by the launcher: where it is itself. */
    private static final String LAUNCHER = "POSTHASTE_LAUNCHER";

    /** As in the configuration: 90s, 10m. */
    static final class Durations implements CommandLine.ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            return DurationStyle.detectAndParse(value);
        }
    }

    /** What can be asked for by name. */
    enum Kind {
        /** One mail a connection. */
        FRESH,
        /** Connections kept. */
        REUSED,
        /** One client alone, its mails one after another on one connection. */
        SINGLE,
        /** 100 KiB. */
        LARGE,
        /** 5 KiB to 10 MiB, as a company's mail is. */
        MIXED
    }

    @Option(
            names = "--relays",
            paramLabel = "NAMES",
            split = ",",
            description =
                    "of direct (nothing between), posthaste, postfix, haraka; those that are not"
                            + " installed are passed over (all)")
    private List<String> relays = List.of("direct", "posthaste", "postfix", "haraka");

    @Option(
            names = "--kinds",
            paramLabel = "KINDS",
            split = ",",
            description = "of fresh, reused, single, large, mixed (fresh,reused)")
    private List<Kind> kinds = List.of(Kind.FRESH, Kind.REUSED);

    @Option(names = "--mails", paramLabel = "N", description = "of each run (10000)")
    private int mails = 10_000;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "mails before that do not count (10000)")
    private int warmUp = 10_000;

    @Option(names = "--sessions", paramLabel = "N", description = "of the client (50)")
    private int sessions = 50;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "mails a second by schedule, instead of as fast as they are answered")
    private double rate;

    @Option(names = "--rounds", paramLabel = "N", description = "each relay in turn, so often (1)")
    private int rounds = 1;

    @Option(
            names = "--target",
            paramLabel = "HOST:PORT",
            description = "measures a relay that runs already, and that sends to --sink-port")
    private @Nullable String target;

    @Option(
            names = "--sink-port",
            paramLabel = "PORT",
            description = "where the sink listens on 127.0.0.1 (any)")
    private int sinkPort;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "for the last mail to arrive once all are sent (10m)")
    private Duration patience = Duration.ofMinutes(10);

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "also write bench.json and bench.svg there")
    private @Nullable Path out;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    protected ExitStatus carryOut() throws Exception {
        if (mails < 1 || warmUp < 0 || sessions < 1 || rounds < 1 || rate < 0) {
            throw askedWrongly("--mails, --sessions and --rounds must be 1 or more.");
        }
        List<Measurement> measured = new ArrayList<>();
        Path work = Files.createTempDirectory("posthaste-bench");
        // Postfix's processes are other users.
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (CountingSink sink =
                CountingSink.listen(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), sinkPort))) {
            Benchmark benchmark = new Benchmark(sink);
            for (int round = 0; round < rounds; round++) {
                for (String relay : target == null ? relays : List.of("given")) {
                    measured.addAll(measure(benchmark, sink, relay, work.resolve(relay + round)));
                }
            }
        } finally {
            remove(work);
        }
        if (measured.isEmpty()) {
            throw new CommandFailedException("none of " + relays + " could be measured.");
        }
        tell(measured);
        return measured.stream().allMatch(Measurement::isWhole)
                ? ExitStatus.FINE
                : ExitStatus.FOUND;
    }

    private List<Measurement> measure(
            Benchmark benchmark, CountingSink sink, String relay, Path folder)
            throws IOException, InterruptedException, CommandFailedException {
        Peer peer;
        try {
            peer = start(relay.toLowerCase(Locale.ROOT), folder, sink.port());
        } catch (PeerUnavailableException e) {
            note(relay + " is passed over: " + e.getMessage());
            return List.of();
        }
        List<Measurement> measured = new ArrayList<>();
        try {
            if (warmUp > 0) {
                note(peer.name() + ": warming up");
                benchmark.measure(
                        peer, Scenario.of("warm-up", warmUp, sessions).reusing(), patience);
            }
            for (Kind kind : kinds) {
                Scenario scenario = scenario(kind);
                note(peer.name() + ": " + scenario.name());
                measured.add(benchmark.measure(peer, scenario, patience));
            }
        } finally {
            peer.stop();
        }
        return measured;
    }

    private Peer start(String relay, Path folder, int port)
            throws IOException,
                    InterruptedException,
                    PeerUnavailableException,
                    CommandFailedException {
        return switch (relay) {
            case "direct" ->
                    new GivenPeer(
                            "Direct",
                            "none, the client sends to the sink",
                            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            case "posthaste" -> PosthastePeer.start(launcher(), folder, port, List.of());
            case "postfix" -> PostfixPeer.start(folder, port, sessions);
            case "haraka" -> HarakaPeer.start(folder, port, sessions);
            case "given" -> new GivenPeer("Target", "as it is configured", targetAddress());
            default ->
                    throw askedWrongly(
                            "--relays knows no '"
                                    + relay
                                    + "': direct, posthaste, postfix, haraka.");
        };
    }

    private Scenario scenario(Kind kind) {
        Scenario scenario =
                switch (kind) {
                    case FRESH -> Scenario.of("one mail a connection", mails, sessions);
                    case REUSED -> Scenario.of("connections kept", mails, sessions).reusing();
                    case SINGLE -> Scenario.of("one client alone", mails, 1).reusing();
                    case LARGE ->
                            Scenario.of("100 KiB, kept", mails, sessions).reusing().sized("100KiB");
                    case MIXED ->
                            Scenario.of("5 KiB to 10 MiB, kept", mails, sessions)
                                    .reusing()
                                    .sized("70%:5KiB,25%:50KiB,4%:1MiB,1%:10MiB");
                };
        return rate > 0 ? scenario.scheduled(rate) : scenario;
    }

    private Path launcher() throws CommandFailedException {
        String launcher = System.getenv(LAUNCHER);
        if (launcher == null) {
            throw new CommandFailedException(
                    "bench starts Posthaste by its launcher: run it as './posthaste bench'.");
        }
        return Path.of(launcher);
    }

    private InetSocketAddress targetAddress() {
        String given = target == null ? "" : target;
        int colon = given.lastIndexOf(':');
        if (colon < 1 || !given.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw askedWrongly("--target must be HOST:PORT, not '" + given + "'.");
        }
        return new InetSocketAddress(
                given.substring(0, colon), Integer.parseInt(given.substring(colon + 1)));
    }

    private void tell(List<Measurement> measured) throws IOException {
        Table.of(measured).forEach(spec.commandLine().getOut()::println);
        spec.commandLine()
                .getOut()
                .println(
                        "Client, relay and sink share this machine's processors: compare rows of one"
                                + " table. flushes: of its disks, a mail; dot: milliseconds from"
                                + " the end of a message to its reply; out: connections to the sink.");
        spec.commandLine().getOut().flush();
        Path folder = out;
        if (folder != null) {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve("bench.json"),
                    JsonMapper.builder().build().writeValueAsString(Results.of(measured)));
            Files.writeString(folder.resolve("bench.svg"), Chart.of(measured));
            note(
                    Arrays.stream(new String[] {"bench.json", "bench.svg"})
                            .map(name -> folder.resolve(name).toString())
                            .collect(Collectors.joining(", ", "written: ", "")));
        }
    }

    private void note(String line) {
        spec.commandLine().getErr().println("bench: " + line);
        spec.commandLine().getErr().flush();
    }

    private static void remove(Path folder) {
        try {
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes facts)
                                throws IOException {
                            Files.delete(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path directory, @Nullable IOException failed) throws IOException {
                            Files.delete(directory);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException("what the benchmark wrote could not be removed", e);
        }
    }
}
