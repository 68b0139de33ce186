package posthaste.delivery;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.outbound.AttemptBudget;
import posthaste.service.settings.Setting;

/**
 * The one attempt.
 *
 * @param attemptBudget for all steps before the final dot together, the wait for a connection
 *     included; longer makes good mail wait for slow destinations
 */
@ConfigurationProperties(prefix = "posthaste.delivery", ignoreUnknownFields = false)
public record DeliveryProperties(@DefaultValue("30s") Duration attemptBudget) {
    public DeliveryProperties {
        Setting.between(
                "attempt-budget", attemptBudget, Duration.ofMillis(100), Duration.ofMinutes(10));
    }

    /** The budget of an attempt; after the dot shorter waits make duplicates. */
    AttemptBudget budget() {
        return new AttemptBudget(attemptBudget, attemptBudget, AttemptBudget.PRIMARY.afterDot());
    }
}
