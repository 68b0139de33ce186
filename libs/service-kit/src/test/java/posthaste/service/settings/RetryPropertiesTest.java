package posthaste.service.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import posthaste.mail.record.Tier;

class RetryPropertiesTest {
    private final RecordUnderTest<RetryProperties> properties =
            new RecordUnderTest<>(RetryProperties.class);

    @Test
    void theDefaultsAreThoseOfTheField() {
        assertThat(properties.defaults())
                .isEqualTo(
                        new RetryProperties(
                                List.of(
                                        Duration.ofMinutes(1),
                                        Duration.ofMinutes(5),
                                        Duration.ofMinutes(15),
                                        Duration.ofHours(1),
                                        Duration.ofHours(4)),
                                Duration.ofDays(5),
                                Duration.ofDays(1),
                                Duration.ofHours(4)));
        assertThat(properties.defaults().delayTiers())
                .extracting(Tier::name)
                .containsExactly("1m", "5m", "15m", "1h", "4h");
    }

    @Test
    void everyPropertyIsMapped() throws Exception {
        properties.mapsEveryPropertyOf(
                Map.of(
                        "tiers", "500ms,2s",
                        "lifetime", "10s",
                        "dsn-lifetime", "5s",
                        "delay-warning", "3s"),
                new RetryProperties(
                        List.of(Duration.ofMillis(500), Duration.ofSeconds(2)),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(3)));
    }

    @Test
    void wrongValuesAreRefused() {
        String ascending = "but must be a list of durations above 0, each longer than the last.";
        properties.refuses("tiers", "", "is empty, " + ascending);
        properties.refuses("tiers", "0s,1m", "is 0s,1m, " + ascending);
        properties.refuses("tiers", "5m,1m", "is 5m,1m, " + ascending);
        properties.refuses("tiers", "1m,1m", "is 1m,1m, " + ascending);
        properties.refuses("lifetime", "0s", "is 0s, but must be from 1ms to 365d.");
        properties.refuses("dsn-lifetime", "400d", "is 400d, but must be from 1ms to 365d.");
        properties.refuses("delay-warning", "0s", "is 0s, but must be from 1ms to 365d.");
    }
}
