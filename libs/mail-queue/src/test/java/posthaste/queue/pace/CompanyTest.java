package posthaste.queue.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CompanyTest {
    private static final Duration WAIT = Duration.ofMillis(10);

    private long now = 77;
    private final Company company = new Company(WAIT, 4, () -> now);

    @Test
    void whoComesAfterOthersAtARateThatFillsAWaitHasCompany() {
        boolean last = false;
        for (int i = 0; i < 100; i++) {
            last = comesAfter(Duration.ofMillis(2));
        }
        assertThat(last).isTrue();
    }

    @Test
    void whoComesOneByOneIsAloneForGood() {
        for (int i = 0; i < 1000; i++) {
            assertThat(comesAfter(Duration.ofMillis(3))).isFalse();
        }
    }

    @Test
    void aBurstThatIsOverMakesNobodyWait() {
        for (int i = 0; i < 200; i++) {
            comesAfter(Duration.ofMillis(1));
        }
        assertThat(comesAfter(Duration.ofSeconds(1))).isFalse();
        assertThat(comesAfter(Duration.ofMillis(1))).isFalse();
    }

    private boolean comesAfter(Duration pause) {
        now += pause.toNanos();
        return company.comes();
    }
}
