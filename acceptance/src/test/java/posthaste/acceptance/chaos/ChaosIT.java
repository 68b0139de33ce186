package posthaste.acceptance.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.acceptance.chaos.LoadClients.Load;

/** The shortest of the chaos suite: it shows that the suite itself works, on every build. */
class ChaosIT {
    private static final long SEED = 3;
    private static final Load LOAD = new Load(8, 60);

    @TempDir static Path temp;

    @Test
    void aKillInTheMidstOfMixedMailLosesNothing() throws Exception {
        try (ChaosRun run = new ChaosRun(SEED, LOAD, temp, StandaloneUnderTest::start)) {
            Result result = run.scenario("kill -9", List.of(run.fault("kill -9")));
            assertThat(result.complaints()).as("seed " + SEED).isEmpty();
            assertThat(result.verdict().ok()).isPositive();
        }
    }
}
