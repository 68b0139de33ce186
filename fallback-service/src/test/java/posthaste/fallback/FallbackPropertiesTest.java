package posthaste.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import posthaste.outbound.AttemptBudget;

class FallbackPropertiesTest {
    @Test
    void theDefaultsHaveThePatienceOfTheRfc() {
        assertThat(bind(Map.of()).budget()).isEqualTo(AttemptBudget.FALLBACK);
    }

    @Test
    void everyPropertyIsMapped() {
        assertThat(
                        bind(
                                Map.of(
                                        "posthaste.fallback.attempt-budget", "10m",
                                        "posthaste.fallback.step-timeout", "1m")))
                .isEqualTo(new FallbackProperties(Duration.ofMinutes(10), Duration.ofMinutes(1)));
    }

    @Test
    void wrongValuesAreRefused() {
        assertThatThrownBy(() -> bind(Map.of("posthaste.fallback.attempt-budget", "3h")))
                .hasRootCauseMessage("attempt-budget is 3h, but must be from 100ms to 2h.");
        assertThatThrownBy(() -> bind(Map.of("posthaste.fallback.step-timeout", "31m")))
                .hasRootCauseMessage("step-timeout is 31m, but must be from 100ms to 30m.");
    }

    private static FallbackProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("posthaste.fallback", FallbackProperties.class);
    }
}
