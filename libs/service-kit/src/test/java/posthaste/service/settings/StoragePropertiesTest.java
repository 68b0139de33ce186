package posthaste.service.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoragePropertiesTest {
    private final RecordUnderTest<StorageProperties> properties =
            new RecordUnderTest<>(StorageProperties.class);

    @Test
    void byDefaultOnlyTheBodiesDisksAreWatched() {
        assertThat(properties.defaults())
                .isEqualTo(new StorageProperties(List.of(), Duration.ofSeconds(1)));
    }

    @Test
    void everyPropertyIsMapped() throws Exception {
        properties.mapsEveryPropertyOf(
                Map.of("watch", "/var/kafka", "check-interval", "5s"),
                new StorageProperties(List.of(Path.of("/var/kafka")), Duration.ofSeconds(5)));
    }

    @Test
    void wrongValuesAreRefused() {
        properties.refuses("check-interval", "0s", "is 0s, but must be from 10ms to 1m.");
    }
}
