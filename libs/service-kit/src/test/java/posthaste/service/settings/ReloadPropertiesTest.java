package posthaste.service.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReloadPropertiesTest {
    private final RecordUnderTest<ReloadProperties> properties =
            new RecordUnderTest<>(ReloadProperties.class);

    @Test
    void byDefaultFilesAreLookedAtEverySecond() {
        assertThat(properties.defaults()).isEqualTo(new ReloadProperties(Duration.ofSeconds(1)));
    }

    @Test
    void everyPropertyIsMapped() throws Exception {
        properties.mapsEveryPropertyOf(
                Map.of("interval", "5s"), new ReloadProperties(Duration.ofSeconds(5)));
    }

    @Test
    void wrongValuesAreRefused() {
        properties.refuses("interval", "0s", "is 0s, but must be from 10ms to 1h.");
    }
}
