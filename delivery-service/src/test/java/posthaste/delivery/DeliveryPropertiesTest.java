package posthaste.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DeliveryPropertiesTest {
    @Test
    void theDefaultsAreThirtySecondsAndTheUsualShares() {
        DeliveryProperties defaults = bind(Map.of());

        assertThat(defaults).isEqualTo(new DeliveryProperties(Map.of(), Duration.ofSeconds(30)));
        assertThat(defaults.parts(streams("transactional", "bulk", "dsn"), 1000))
                .containsExactlyInAnyOrderEntriesOf(
                        parts(Map.of("transactional", 600, "bulk", 300, "dsn", 100)));
    }

    @Test
    void everyPropertyIsMapped() {
        assertThat(
                        bind(
                                Map.of(
                                        "posthaste.delivery.shares.alerts", "80",
                                        "posthaste.delivery.attempt-budget", "10s")))
                .isEqualTo(new DeliveryProperties(Map.of("alerts", 80), Duration.ofSeconds(10)));
    }

    @Test
    void wrongValuesAreRefused() {
        assertThatThrownBy(() -> bind(Map.of("posthaste.delivery.shares.bulk", "0")))
                .hasRootCauseMessage("shares.bulk is 0, but must be from 1 to 1000.");
        assertThatThrownBy(() -> bind(Map.of("posthaste.delivery.attempt-budget", "1h")))
                .hasRootCauseMessage("attempt-budget is 1h, but must be from 100ms to 10m.");
    }

    @Test
    void everyStreamHasAPartHoweverSmall() {
        DeliveryProperties properties =
                new DeliveryProperties(Map.of("alerts", 1000), Duration.ofSeconds(30));

        assertThat(properties.parts(streams("alerts", "news", "dsn"), 10))
                .containsExactlyInAnyOrderEntriesOf(
                        parts(Map.of("alerts", 9, "news", 1, "dsn", 1)));
    }

    @Test
    void afterTheDotAnAttemptIsAsPatientAsFallback() {
        assertThat(bind(Map.of()).budget().afterDot()).isEqualTo(Duration.ofMinutes(10));
    }

    private static DeliveryProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("posthaste.delivery", DeliveryProperties.class);
    }

    private static List<posthaste.mail.envelope.Stream> streams(String... names) {
        return Stream.of(names).map(posthaste.mail.envelope.Stream::new).toList();
    }

    private static Map<posthaste.mail.envelope.Stream, Integer> parts(Map<String, Integer> byName) {
        Map<posthaste.mail.envelope.Stream, Integer> parts = new java.util.HashMap<>();
        byName.forEach((name, part) -> parts.put(new posthaste.mail.envelope.Stream(name), part));
        return parts;
    }
}
