package posthaste.service.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaPropertiesTest {
    private final RecordUnderTest<KafkaProperties> properties =
            new RecordUnderTest<>(KafkaProperties.class);

    @Test
    void theDefaultIsABrokerBesideUs() {
        assertThat(properties.defaults())
                .isEqualTo(new KafkaProperties(List.of("localhost:9092"), Map.of()));
    }

    @Test
    void everyPropertyIsMapped() throws Exception {
        properties.mapsEveryPropertyOf(
                Map.of(
                        "bootstrap-servers", "k1:9092,k2:9092",
                        "properties.security.protocol", "SSL"),
                new KafkaProperties(
                        List.of("k1:9092", "k2:9092"), Map.of("security.protocol", "SSL")));
    }

    @Test
    void wrongValuesAreRefused() {
        properties.refuses(
                "bootstrap-servers", "broker", "is 'broker', but must be a list of HOST:PORT.");
        properties.refuses("bootstrap-servers", "", "is empty, but must be a list of HOST:PORT.");
    }
}
