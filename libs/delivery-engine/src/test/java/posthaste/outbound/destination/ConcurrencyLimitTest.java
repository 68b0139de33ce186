package posthaste.outbound.destination;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {

    @Test
    void itGrowsByEverySuccessUntilTheFirstFailure() {
        ConcurrencyLimit limit = new ConcurrencyLimit(5, 20);
        for (int i = 0; i < 5; i++) {
            limit.succeeded(true);
        }
        assertThat(limit.current()).isEqualTo(10);
    }

    @Test
    void itGrowsOnlyWhenItWasUsedUpAndNeverBeyondTheMost() {
        ConcurrencyLimit limit = new ConcurrencyLimit(5, 7);
        limit.succeeded(false);
        assertThat(limit.current()).isEqualTo(5);
        for (int i = 0; i < 50; i++) {
            limit.succeeded(true);
        }
        assertThat(limit.current()).isEqualTo(7);
    }

    @Test
    void itHalvesOnceForAllWhoFailTogetherThenGrowsByOneARound() {
        ConcurrencyLimit limit = new ConcurrencyLimit(16, 50);
        int round = limit.round();
        for (int i = 0; i < 16; i++) {
            limit.failed(round);
        }
        assertThat(limit.current()).isEqualTo(8);
        for (int i = 0; i < 8; i++) {
            limit.succeeded(true);
        }
        assertThat(limit.current()).isEqualTo(9);
    }

    @Test
    void itNeverFallsBelowOne() {
        ConcurrencyLimit limit = new ConcurrencyLimit(2, 5);
        for (int i = 0; i < 5; i++) {
            limit.failed(limit.round());
        }
        assertThat(limit.current()).isEqualTo(1);
    }
}
