package posthaste.ingest.policy.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StressRuleTest {
    private static final StressSettings SETTINGS = StressSettings.DEFAULT;

    private final StressRule rule = new StressRule();
    private long now;

    @Test
    void itRisesAtOnce() {
        assertThat(after(0.5, 0)).isEqualTo(StressLevel.CALM);
        assertThat(after(0.85, 0)).isEqualTo(StressLevel.TIGHT);
        assertThat(after(0.95, 0)).isEqualTo(StressLevel.SEVERE);
    }

    @Test
    void itFallsOnlyWhenItHasBeenBetterForAWhile() {
        after(0.96, 0);
        assertThat(after(0.9, 0)).isEqualTo(StressLevel.SEVERE);
        assertThat(after(0.9, 5)).isEqualTo(StressLevel.TIGHT);
        assertThat(after(0.3, 1)).isEqualTo(StressLevel.TIGHT);
        assertThat(after(0.3, 4)).isEqualTo(StressLevel.TIGHT);
        assertThat(after(0.3, 1)).isEqualTo(StressLevel.CALM);
    }

    @Test
    void itDoesNotFlutterBetweenItsThresholds() {
        after(0.86, 0);
        for (int i = 0; i < 20; i++) {
            assertThat(after(i % 2 == 0 ? 0.8 : 0.86, 2)).isEqualTo(StressLevel.TIGHT);
        }
        assertThat(after(0.75, 10)).isEqualTo(StressLevel.TIGHT);
        assertThat(after(0.69, 0)).isEqualTo(StressLevel.TIGHT);
        assertThat(after(0.69, 5)).isEqualTo(StressLevel.CALM);
        assertThat(after(0.8, 0)).as("from below it is calm there").isEqualTo(StressLevel.CALM);
    }

    private StressLevel after(double share, int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
        return rule.look(share, SETTINGS, now);
    }
}
