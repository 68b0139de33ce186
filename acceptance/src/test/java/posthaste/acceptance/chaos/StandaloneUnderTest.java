package posthaste.acceptance.chaos;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import posthaste.acceptance.RestClient;
import posthaste.acceptance.RunningPosthaste;
import posthaste.acceptance.chaos.Behaviour.NextHop;
import posthaste.acceptance.cluster.SmallDisk;
import posthaste.acceptance.cluster.SteppedClock;

/** The embedded default, as {@code ./posthaste run} starts it: all in one process, one broker. */
final class StandaloneUnderTest implements SystemUnderTest {
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(10);
    private static final int DISK_MEBIBYTES = 1024;
    private static final long MEBIBYTE = 1024 * 1024;
    private static final long FLOOR = 96 * MEBIBYTE;

    /** Of the consumers of the embedded broker. */
    private static final int SESSION_SECONDS = 5;

    static final String CLOCK_BY_SECONDS = "clock by some seconds";
    static final String CLOCK_FAR_FORWARD = "clock far forward";

    private final RunningPosthaste posthaste;
    private final @Nullable SmallDisk disk;
    private final @Nullable SteppedClock clock;
    private Duration clockOffset = Duration.ZERO;

    private StandaloneUnderTest(
            RunningPosthaste posthaste, @Nullable SmallDisk disk, @Nullable SteppedClock clock) {
        this.posthaste = posthaste;
        this.disk = disk;
        this.clock = clock;
    }

    /** Starts it on a folder. */
    static StandaloneUnderTest start(Path folder, RecordingSink sink)
            throws IOException, InterruptedException {
        return start(folder, sink, null, null);
    }

    /** On a small disk of its own, where there is somebody who may mount one. */
    static StandaloneUnderTest startWithDisk(Path folder, RecordingSink sink)
            throws IOException, InterruptedException {
        SmallDisk disk = isRoot() ? SmallDisk.over(folder.resolve("disk"), DISK_MEBIBYTES) : null;
        return start(folder, sink, disk, null);
    }

    /** With a clock of its own. */
    static StandaloneUnderTest startWithClock(Path folder, RecordingSink sink)
            throws IOException, InterruptedException {
        return start(folder, sink, null, SteppedClock.at(folder.resolve("clock")));
    }

    private static StandaloneUnderTest start(
            Path folder, RecordingSink sink, @Nullable SmallDisk disk, @Nullable SteppedClock clock)
            throws IOException, InterruptedException {
        Path data = folder.resolve("disk/data");
        Files.createDirectories(data.getParent());
        RunningPosthaste.Plan plan =
                RunningPosthaste.on(data)
                        .with("posthaste.retry.tiers", "1s,2s,5s")
                        .with("posthaste.queue.commit-interval", COMMIT_INTERVAL.toMillis() + "ms")
                        .with("posthaste.outbound.probe-interval", "1s")
                        .with("posthaste.audit.grace", "30s")
                        .with("posthaste.body.free-space-floor", FLOOR + "B");
        for (NextHop hop : NextHop.values()) {
            for (String domain : hop.domains()) {
                plan.with("posthaste.routing.routes[" + domain + "]", sink.hostAndPort(hop));
            }
        }
        plan.relayingTo(sink.hostAndPort(NextHop.QUICK));
        if (clock != null) {
            clock.environment().forEach(plan::environment);
        }
        try {
            return new StandaloneUnderTest(plan.start(), disk, clock);
        } catch (AssertionError e) {
            if (disk != null) {
                disk.close();
            }
            throw e;
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    @Override
    public String name() {
        return "one process";
    }

    @Override
    public List<InetSocketAddress> submission() {
        return List.of(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), posthaste.smtpPort()));
    }

    @Override
    public RestClient rest() {
        return posthaste.rest();
    }

    @Override
    public Duration commitInterval() {
        return COMMIT_INTERVAL;
    }

    /** What is special to it; the rest is the matter of runs without a clock. */
    @Override
    public List<Fault> faults() {
        if (clock != null) {
            return List.of(
                    Fault.of(CLOCK_BY_SECONDS, this::stepBySeconds),
                    Fault.of(CLOCK_FAR_FORWARD, this::stepFarForward),
                    Fault.of("clock far back", this::stepFarBack));
        }
        List<Fault> faults =
                new ArrayList<>(
                        List.of(
                                Fault.of("kill -9", this::kill),
                                Fault.of("SIGTERM", this::terminate),
                                Fault.of("SIGSTOP", this::pause),
                                Fault.of("database killed", this::killDatabase)));
        if (disk != null) {
            faults.add(Fault.of("disk below the floor", this::fillToTheFloor));
            faults.add(Fault.of("disk full", this::fillWholly));
        }
        return faults;
    }

    private void kill(Strike strike, Random random) throws Exception {
        strike.edge("kill -9", posthaste::kill);
        posthaste.restart();
    }

    private void terminate(Strike strike, Random random) throws Exception {
        strike.edge("SIGTERM", () -> posthaste.stop());
        posthaste.restart();
    }

    private void pause(Strike strike, Random random) throws Exception {
        strike.edge("SIGSTOP", () -> Signals.stop(posthaste.pid()));
        TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(8000));
        strike.waking("SIGCONT", () -> Signals.goOn(posthaste.pid()));
    }

    private void killDatabase(Strike strike, Random random) throws Exception {
        long pid = databasePid();
        strike.outage(
                "kill -9 of PostgreSQL",
                () -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        await().atMost(90, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> databasePid() != pid && rest().audit().has("queued"));
    }

    private long databasePid() throws IOException {
        Path file = posthaste.dataDir().resolve("postgres/cluster/postmaster.pid");
        return Long.parseLong(Files.readAllLines(file).getFirst().strip());
    }

    /** Little room: it refuses mail, and goes on once there is room. */
    private void fillToTheFloor(Strike strike, Random random) throws Exception {
        SmallDisk full = Objects.requireNonNull(disk);
        strike.outage("less than the floor", () -> full.fillUpTo(FLOOR - 8 * MEBIBYTE));
        TimeUnit.MILLISECONDS.sleep(2000 + random.nextInt(3000));
        strike.outage("room again", full::relieve);
    }

    /**
     * No room at all, of a sudden: the broker halts at its next write that needs a block, and the
     * process with it. Until it is gone it goes on with what it has in hand, and can commit none of
     * it.
     */
    private void fillWholly(Strike strike, Random random) throws Exception {
        SmallDisk full = Objects.requireNonNull(disk);
        Duration patience = Duration.ofSeconds(5 + random.nextInt(5));
        strike.edge(
                "no room",
                () -> {
                    full.fill();
                    if (!posthaste.endsWithin(patience)) {
                        posthaste.kill();
                    }
                });
        full.relieve();
        posthaste.restart();
    }

    /** There and back by less than a consumer's session, as time servers do it. */
    private void stepBySeconds(Strike strike, Random random) throws Exception {
        Duration some = Duration.ofSeconds(1 + random.nextInt(3));
        Duration step = random.nextBoolean() ? some : some.negated();
        strike.outage("clock by " + step, () -> stepClock(step));
        TimeUnit.MILLISECONDS.sleep(3000 + random.nextInt(3000));
        strike.outage("clock by " + step.negated(), () -> stepClock(step.negated()));
    }

    private void stepFarForward(Strike strike, Random random) throws Exception {
        Duration step = Duration.ofSeconds(30 + random.nextInt(600));
        strike.outage("clock by " + step, () -> stepClock(step));
        TimeUnit.MILLISECONDS.sleep(3000 + random.nextInt(3000));
    }

    /**
     * By more than a session: Kafka's client counts heartbeats by the wall clock, so it sends none
     * for as long, and the group puts its members out.
     */
    private void stepFarBack(Strike strike, Random random) throws Exception {
        Duration step = Duration.ofSeconds(-10 - random.nextInt(15));
        strike.waking(
                "clock by " + step,
                () -> {
                    stepClock(step);
                    TimeUnit.SECONDS.sleep(SESSION_SECONDS - step.toSeconds());
                });
    }

    private void stepClock(Duration step) {
        clockOffset = clockOffset.plus(step);
        Objects.requireNonNull(clock).step(clockOffset);
    }

    @Override
    public void close() {
        if (disk != null) {
            disk.relieve();
        }
        posthaste.close();
        if (disk != null) {
            disk.close();
        }
    }
}
