package posthaste.fallback.janitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class JanitorPropertiesTest {
    @Test
    void byDefaultItWorksAndLeavesHalfAnHourForClocks() {
        assertThat(bind(Map.of()))
                .isEqualTo(
                        new JanitorProperties(true, Duration.ofMinutes(5), Duration.ofMinutes(30)));
    }

    @Test
    void everyPropertyIsMapped() {
        assertThat(
                        bind(
                                Map.of(
                                        "posthaste.janitor.enabled", "false",
                                        "posthaste.janitor.interval", "1h",
                                        "posthaste.janitor.grace", "2h")))
                .isEqualTo(new JanitorProperties(false, Duration.ofHours(1), Duration.ofHours(2)));
    }

    @Test
    void wrongValuesAreRefused() {
        assertThatThrownBy(() -> bind(Map.of("posthaste.janitor.interval", "1ms")))
                .hasRootCauseMessage("interval is 1ms, but must be from 100ms to 1d.");
        assertThatThrownBy(() -> bind(Map.of("posthaste.janitor.grace", "0s")))
                .hasRootCauseMessage("grace is 0s, but must be from 1s to 30d.");
    }

    private static JanitorProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("posthaste.janitor", JanitorProperties.class);
    }
}
