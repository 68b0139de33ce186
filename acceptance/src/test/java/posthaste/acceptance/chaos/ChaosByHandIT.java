package posthaste.acceptance.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What {@code acceptance/chaos.sh} runs, for minutes or for hours. */
@Tag("full")
@EnabledIfSystemProperty(
        named = "posthaste.chaos.minutes",
        matches = "\\d+",
        disabledReason = "by hand: acceptance/chaos.sh")
class ChaosByHandIT {
    private static final int STRIKES_OF_A_ROUND = 5;

    @Test
    void nothingIsLostHoweverItIsBroken() throws Exception {
        int minutes = Integer.getInteger("posthaste.chaos.minutes", 0);
        ChaosRun.Starting starting =
                switch (System.getProperty("posthaste.chaos.system", "one")) {
                    case "one" -> StandaloneUnderTest::startWithDisk;
                    case "clock" -> StandaloneUnderTest::startWithClock;
                    case "cluster" -> ClusterUnderTest::start;
                    case "network" -> ClusterUnderTest::startInNetwork;
                    default -> throw new IllegalArgumentException("one, clock, cluster or network");
                };
        List<String> faults =
                Stream.of(System.getProperty("posthaste.chaos.faults", "").split(";"))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
        List<Result> results =
                minutes == 0
                        ? ChaosSuite.each(starting, faults)
                        : ChaosSuite.mixed(starting, minutes, STRIKES_OF_A_ROUND);
        assertThat(results).allSatisfy(result -> assertThat(result.complaints()).isEmpty());
    }
}
