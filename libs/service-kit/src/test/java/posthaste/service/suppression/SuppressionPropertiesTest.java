package posthaste.service.suppression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import posthaste.mail.envelope.Stream;

class SuppressionPropertiesTest {
    private static final Stream BULK = new Stream("bulk");

    @Test
    void usuallyAHardBounceIsEnoughAndSoftOnesAreCounted() {
        SuppressionProperties usual = bind(Map.of());

        assertThat(usual.rule(BULK, SuppressionClass.HARD_BOUNCE))
                .contains(new SuppressionRule(1, Duration.ZERO, Duration.ofDays(180), true));
        assertThat(usual.rule(BULK, SuppressionClass.SOFT_BOUNCE))
                .contains(new SuppressionRule(5, Duration.ofDays(14), Duration.ofDays(30), true));
        assertThat(usual.rule(BULK, SuppressionClass.MANUAL)).isEmpty();
    }

    @Test
    void aStreamsRuleGoesBeforeThatOfAllAndSaysOnlyWhatIsOther() {
        SuppressionProperties properties =
                bind(
                        Map.of(
                                "posthaste.suppression.rules.soft-bounce.within", "7d",
                                "posthaste.suppression.rules.soft-bounce.everywhere", "false",
                                "posthaste.suppression.streams.bulk.soft-bounce.after", "2"));

        assertThat(properties.rule(BULK, SuppressionClass.SOFT_BOUNCE))
                .contains(new SuppressionRule(2, Duration.ofDays(7), Duration.ofDays(30), false));
        assertThat(properties.rule(Stream.TRANSACTIONAL, SuppressionClass.SOFT_BOUNCE))
                .contains(new SuppressionRule(5, Duration.ofDays(7), Duration.ofDays(30), false));
    }

    @Test
    void wrongValuesAreRefused() {
        assertThatThrownBy(() -> bind(Map.of("posthaste.suppression.rules.soft-bounce.after", "0")))
                .hasRootCauseMessage("rules.soft-bounce.after is 0, but must be from 1 to 31.");
        assertThatThrownBy(() -> bind(Map.of("posthaste.suppression.rules.manual.after", "1")))
                .hasRootCauseMessage(
                        "rules is 'manual', but must be a map from hard-bounce, soft-bounce, complaint, unsubscribe.");
        assertThatThrownBy(() -> bind(Map.of("posthaste.suppression.help", "frägt")))
                .hasRootCauseMessage("help is 'frägt', but must be a line of ASCII.");
    }

    private static SuppressionProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("posthaste.suppression", SuppressionProperties.class);
    }
}
