package posthaste.outbound.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import posthaste.mail.record.Tier;

class RetryPolicyTest {
    private final RetryPolicy policy = policy("PT1M", "PT5M", "PT15M", "PT1H", "PT4H");

    @Test
    void eachAttemptGoesATierFurtherAndTheLastRepeats() {
        assertThat(Stream.of(1, 2, 3, 4, 5, 6, 40).map(policy::afterAttempts))
                .containsExactly(1, 2, 3, 4, 5, 5, 5);
    }

    @Test
    void whoIsHeldBackWaitsAboutAsLongAsItTakes() {
        assertThat(policy.heldBack(Duration.ZERO)).isEqualTo(1);
        assertThat(policy.heldBack(Duration.ofMinutes(1))).isEqualTo(1);
        assertThat(policy.heldBack(Duration.ofSeconds(61))).isEqualTo(2);
        assertThat(policy.heldBack(Duration.ofMinutes(15))).isEqualTo(3);
        assertThat(policy.heldBack(Duration.ofMinutes(16))).isEqualTo(4);
    }

    @Test
    void whoIsHeldBackNeverWaitsMoreThanAnHour() {
        assertThat(policy.heldBack(Duration.ofDays(1))).isEqualTo(4);
        assertThat(policy("PT2H", "PT8H").heldBack(Duration.ofDays(1))).isEqualTo(1);
    }

    @Test
    void aPositionOfALongerScheduleIsTheLast() {
        assertThat(policy.tier(9).name()).isEqualTo("4h");
        assertThat(policy.tier(0).name()).isEqualTo("1m");
    }

    @Test
    void tiersThatDoNotAscendAreRefused() {
        assertThatThrownBy(() -> policy("PT5M", "PT1M"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> policy()).isInstanceOf(IllegalArgumentException.class);
    }

    private static RetryPolicy policy(String... tiers) {
        return new RetryPolicy(
                Stream.of(tiers).map(Duration::parse).map(Tier::of).toList(),
                Duration.ofDays(5),
                Duration.ofDays(1),
                Duration.ofHours(4));
    }
}
