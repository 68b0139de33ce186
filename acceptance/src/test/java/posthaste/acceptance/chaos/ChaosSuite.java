package posthaste.acceptance.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.acceptance.chaos.LoadClients.Load;
import posthaste.testing.Requires;

/**
 * What {@code acceptance/chaos.sh} and the tests run, by the system properties {@code
 * posthaste.chaos.*}: seed, strikes of each fault, sessions, rate.
 */
final class ChaosSuite {
    private static final Logger LOG = LoggerFactory.getLogger(ChaosSuite.class);
    private static final long SEED = Long.getLong("posthaste.chaos.seed", 20261122);
    private static final int STRIKES = Integer.getInteger("posthaste.chaos.strikes", 1);
    private static final Load LOAD =
            new Load(
                    Integer.getInteger("posthaste.chaos.sessions", 8),
                    Integer.getInteger("posthaste.chaos.rate", 40));

    private ChaosSuite() {}

    static long seed() {
        return SEED;
    }

    /** Each of these faults by itself; all there are where none is named. */
    static List<Result> each(ChaosRun.Starting starting, List<String> names) throws Exception {
        List<Result> results = new ArrayList<>();
        Path folder = newFolder();
        try (ChaosRun run = new ChaosRun(SEED, LOAD, folder, starting)) {
            List<Fault> faults =
                    names.isEmpty() ? run.faults() : names.stream().map(run::fault).toList();
            for (Fault fault : faults) {
                results.add(run.scenario(fault.name(), Collections.nCopies(STRIKES, fault)));
            }
        } finally {
            report(folder, results);
        }
        return results;
    }

    /** Rounds of faults, drawn from all of them, until the time is over or something is wrong. */
    static List<Result> mixed(ChaosRun.Starting starting, int minutes, int strikesOfARound)
            throws Exception {
        List<Result> results = new ArrayList<>();
        Path folder = newFolder();
        long deadline = System.nanoTime() + minutes * 60_000_000_000L;
        try (ChaosRun run = new ChaosRun(SEED, LOAD, folder, starting)) {
            do {
                results.add(run.scenario("mixed", run.draw(strikesOfARound)));
            } while (System.nanoTime() < deadline && results.getLast().complaints().isEmpty());
        } finally {
            report(folder, results);
        }
        return results;
    }

    private static Path newFolder() throws IOException {
        Path all = Requires.repositoryRoot().resolve("acceptance/target/chaos");
        Files.createDirectories(all);
        return Files.createTempDirectory(all, "seed-" + SEED + "-");
    }

    private static void report(Path folder, List<Result> results) throws IOException {
        ResultTable.write(folder, results);
        Files.writeString(
                folder.resolveSibling("results.md"),
                ResultTable.markdown(results) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        LOG.info("seed {}, in {}:\n{}", SEED, folder, ResultTable.markdown(results));
    }
}
