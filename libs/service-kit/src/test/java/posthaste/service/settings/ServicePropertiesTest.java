package posthaste.service.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServicePropertiesTest {
    private final RecordUnderTest<ServiceProperties> properties =
            new RecordUnderTest<>(ServiceProperties.class);

    @Test
    void anInstanceIsNamedByHostAndProcess() {
        assertThat(properties.defaults().instance())
                .endsWith("-" + ProcessHandle.current().pid())
                .isEqualTo(properties.defaults().instance());
        assertThat(properties.defaults().dataDir()).isEqualTo(Path.of("data"));
    }

    @Test
    void everyPropertyIsMapped() throws Exception {
        properties.mapsEveryPropertyOf(
                Map.of("instance", "relay-7", "data-dir", "/srv/posthaste"),
                new ServiceProperties("relay-7", Path.of("/srv/posthaste")));
    }

    @Test
    void wrongValuesAreRefused() {
        properties.refuses(
                "instance",
                "two words",
                "is 'two words', but must be 1 to 128 visible ASCII characters without a space.");
    }
}
