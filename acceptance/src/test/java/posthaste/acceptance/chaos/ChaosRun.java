package posthaste.acceptance.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.acceptance.chaos.LoadClients.Load;
import posthaste.acceptance.chaos.Moments.Moment;
import tools.jackson.databind.JsonNode;

/**
 * One system, one seed, and scenario after scenario: load, faults that strike while mails are at
 * some step of their way, drain, verdict. What clients, sink and faults noted stands in files.
 */
final class ChaosRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChaosRun.class);
    private static final List<Moment> MOMENTS = List.of(Moment.values());
    private static final Duration FLOW_LIMIT = Duration.ofMinutes(2);
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(4);
    private static final Duration MOMENT_LIMIT = Duration.ofSeconds(5);
    private static final int WARM_AFTER = 100;
    private static final int MOST_MAILS_TO_WAIT_FOR = 20;
    private static final int MOST_MILLIS_AFTER_IT = 15;

    private final long seed;
    private final Load load;
    private final Random random;
    private final RunClock clock = new RunClock();
    private final Moments moments = new Moments();
    private final AtomicLong nextMail = new AtomicLong();
    private final ClientLedger ledger;
    private final RecordingSink sink;
    private final Journal faultJournal;
    private final SystemUnderTest system;

    /** How a system is started whose mail goes to this sink. */
    interface Starting {
        SystemUnderTest start(Path folder, RecordingSink sink)
                throws IOException, InterruptedException;
    }

    ChaosRun(long seed, Load load, Path folder, Starting starting)
            throws IOException, InterruptedException {
        this.seed = seed;
        this.load = load;
        this.random = new Random(seed);
        this.ledger = ClientLedger.at(folder.resolve("clients.journal"), clock);
        this.sink = RecordingSink.start(folder.resolve("sink.journal"), clock, moments);
        this.faultJournal = Journal.at(folder.resolve("faults.journal"));
        faultJournal.note("seed", clock.now(), seed);
        this.system = starting.start(folder, sink);
    }

    List<Fault> faults() {
        return system.faults();
    }

    /** The fault of this name. */
    Fault fault(String name) {
        return faults().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    /** Faults, drawn from all of them. */
    List<Fault> draw(int count) {
        List<Fault> all = faults();
        return random.ints(count, 0, all.size()).mapToObj(all::get).toList();
    }

    /** Strikes with these faults one after the other, and judges once all has drained. */
    Result scenario(String name, List<Fault> sequence) throws Exception {
        long begin = clock.now();
        long firstNumber = nextMail.get();
        List<Strike> strikes = new ArrayList<>();
        double recovery = 0;
        LoadClients clients =
                LoadClients.start(
                        seed, system.submission(), ledger, moments, clock, nextMail, load);
        try (clients) {
            awaitFlow(begin);
            awaitWarmth();
            for (Fault fault : sequence) {
                TimeUnit.MILLISECONDS.sleep(300 + random.nextInt(700));
                Strike strike = strike(fault);
                strikes.add(strike);
                awaitFlow(strike.mendedAt());
                double gap = longestGap(strike.begunAt());
                LOG.info("{} at {}: longest gap {} s", fault.name(), strike.moment(), gap);
                recovery = Math.max(recovery, gap);
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
        Result result = await(name, begin, firstNumber, strikes, recovery);
        LOG.info("seed {}: {}", seed, ResultTable.line(result));
        result.complaints().forEach(complaint -> LOG.error("seed {}: {}", seed, complaint));
        return result;
    }

    /** Waits for mails at a step of their way, and strikes then. */
    private Strike strike(Fault fault) throws Exception {
        Moment moment = MOMENTS.get(random.nextInt(MOMENTS.size()));
        int mails = 1 + random.nextInt(MOST_MAILS_TO_WAIT_FOR);
        int millis = random.nextInt(MOST_MILLIS_AFTER_IT);
        moments.await(moment, mails, MOMENT_LIMIT);
        TimeUnit.MILLISECONDS.sleep(millis);
        Strike strike = new Strike(fault.name(), moment.name(), sink, ledger, faultJournal);
        fault.strike(strike, random);
        strike.mended();
        return strike;
    }

    /** Mail is accepted and delivered again. */
    private void awaitFlow(long since) throws InterruptedException {
        long deadline = System.nanoTime() + FLOW_LIMIT.toNanos();
        while (!flows(since)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "seed " + seed + ": no mail went through within " + FLOW_LIMIT);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** A system that has only just started does everything for the first time, and slowly. */
    private void awaitWarmth() throws InterruptedException {
        long deadline = System.nanoTime() + FLOW_LIMIT.toNanos();
        while (sink.record().contents().arrivals().size() < WARM_AFTER
                && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private boolean flows(long since) {
        return sink.record().hasTakenSince(since)
                && ledger.entries().stream()
                        .anyMatch(entry ->
                                entry.at() >= since && entry.outcome() == ClientLedger.Outcome.OK);
    }

    /** The longest time from then on in which the sink acknowledged nothing, in seconds. */
    private double longestGap(long from) {
        long last = from;
        long longest = 0;
        for (SinkRecord.Arrival arrival : sink.record().contents().arrivals()) {
            if (arrival.taken() && arrival.at() >= from) {
                longest = Math.max(longest, arrival.at() - last);
                last = arrival.at();
            }
        }
        return longest / 1e9;
    }

    /** Judges until nothing more is to come, or until it should have come. */
    private Result await(
            String name, long begin, long firstNumber, List<Strike> strikes, double recovery)
            throws InterruptedException {
        long ended = System.nanoTime();
        while (true) {
            boolean isLast = System.nanoTime() - ended > DRAIN_LIMIT.toNanos();
            try {
                Result result =
                        new Result(
                                seed,
                                system.name(),
                                name,
                                strikes.size(),
                                judge(begin, firstNumber, strikes),
                                recovery,
                                (System.nanoTime() - ended) / 1e9,
                                audited());
                if (result.isSettled() || isLast) {
                    return result;
                }
            } catch (UncheckedIOException | AssertionError e) {
                // It is busy, or its page is only just coming back.
                if (isLast) {
                    throw e;
                }
                LOG.info("the log cannot be asked now: {}", e.getMessage());
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private Verdict judge(long begin, long firstNumber, List<Strike> strikes) {
        return Judge.judge(
                new Judge.Evidence(
                        seed,
                        ledger.entries(),
                        firstNumber,
                        sink.record().contents().since(begin),
                        strikes.stream().flatMap(strike -> strike.edges().stream()).toList(),
                        LoggedMail.from(firstNumber, system.rest(), seed),
                        system.commitInterval()));
    }

    private Result.Audited audited() {
        JsonNode audit = system.rest().audit();
        return new Result.Audited(
                audit.get("queued").asLong(),
                audit.get("settling").asLong(),
                audit.get("unaccounted").asLong(),
                audit.get("behind").asLong(),
                audit.get("duplicates").asLong());
    }

    @Override
    public void close() {
        system.close();
        sink.close();
        ledger.close();
        faultJournal.close();
    }
}
