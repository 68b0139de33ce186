package posthaste.fallback.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DepthPropertiesTest {
    @Test
    void theIntervalIsTenSecondsUnlessSetOtherwise() {
        assertThat(bind(Map.of())).isEqualTo(new DepthProperties(Duration.ofSeconds(10)));
        assertThat(bind(Map.of("posthaste.depth.interval", "1m")))
                .isEqualTo(new DepthProperties(Duration.ofMinutes(1)));
    }

    @Test
    void wrongValuesAreRefused() {
        for (String wrong : new String[] {"99ms", "61m"}) {
            assertThatThrownBy(() -> bind(Map.of("posthaste.depth.interval", wrong)))
                    .hasRootCauseMessage(
                            "interval is " + wrong + ", but must be from 100ms to 1h.");
        }
    }

    private static DepthProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("posthaste.depth", DepthProperties.class);
    }
}
