package posthaste.acceptance.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every fault of the embedded default, each by itself, with a seed that stays. */
@Tag("full")
class ChaosFullIT {
    @Test
    void everyFaultOfOneProcessLosesNothing() throws Exception {
        List<Result> results = ChaosSuite.each(StandaloneUnderTest::startWithDisk, List.of());
        assertThat(results).allSatisfy(result -> assertThat(result.complaints()).isEmpty());
    }
}
