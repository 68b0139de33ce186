package posthaste.acceptance.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A few faults of the cluster in a row, with a seed that stays. */
@Tag("full")
class ChaosClusterIT {
    @Test
    void theLossOfAnyPartOfTheClusterLosesNothing() throws Exception {
        List<Result> results =
                ChaosSuite.each(
                        ClusterUnderTest::start,
                        List.of(
                                "kill -9 of delivery-service",
                                "broker killed, its disk lost",
                                "zombie delivery-service"));
        assertThat(results).allSatisfy(result -> assertThat(result.complaints()).isEmpty());
    }
}
