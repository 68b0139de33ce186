package posthaste.mail.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TierTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 999, 1_000, 90_000, 60_000, 3_600_000, 14_400_000, 86_400_000})
    void aTierIsKnownByItsName(long millis) {
        Tier tier = Tier.of(Duration.ofMillis(millis));

        assertThat(Tier.parse(tier.name())).contains(tier);
    }

    @Test
    void whatIsNoNameOfATierSaysNothing() {
        for (String name : new String[] {"", "m", "soon", "0s", "-1m", "1d", "1h30m", "1 m"}) {
            assertThat(Tier.parse(name)).as(name).isEmpty();
        }
    }
}
