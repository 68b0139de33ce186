package posthaste.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DeliveryPropertiesTest {
    @Test
    void anAttemptHasThirtySecondsUnlessItIsSaidOtherwise() {
        assertThat(bind(Map.of())).isEqualTo(new DeliveryProperties(Duration.ofSeconds(30)));
        assertThat(bind(Map.of("posthaste.delivery.attempt-budget", "10s")))
                .isEqualTo(new DeliveryProperties(Duration.ofSeconds(10)));
    }

    @Test
    void wrongValuesAreRefused() {
        assertThatThrownBy(() -> bind(Map.of("posthaste.delivery.attempt-budget", "1h")))
                .hasRootCauseMessage("attempt-budget is 1h, but must be from 100ms to 10m.");
    }

    @Test
    void afterTheDotAnAttemptIsAsPatientAsFallback() {
        assertThat(bind(Map.of()).budget().afterDot()).isEqualTo(Duration.ofMinutes(10));
    }

    private static DeliveryProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("posthaste.delivery", DeliveryProperties.class);
    }
}
