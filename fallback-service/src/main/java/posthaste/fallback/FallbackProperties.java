package posthaste.fallback;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.outbound.AttemptBudget;
import posthaste.service.settings.Setting;

/**
 * The later attempts.
 *
 * @param attemptBudget for all steps before the final dot together
 * @param stepTimeout for each of them alone (RFC 5321 section 4.5.3.2 asks for 5 minutes)
 */
@ConfigurationProperties(prefix = "posthaste.fallback", ignoreUnknownFields = false)
public record FallbackProperties(
        @DefaultValue("30m") Duration attemptBudget, @DefaultValue("5m") Duration stepTimeout) {
    private static final Duration SHORTEST = Duration.ofMillis(100);

    public FallbackProperties {
        Setting.between("attempt-budget", attemptBudget, SHORTEST, Duration.ofHours(2));
        Setting.between("step-timeout", stepTimeout, SHORTEST, attemptBudget);
    }

    /** The budget of an attempt; after the dot shorter waits make duplicates. */
    AttemptBudget budget() {
        return new AttemptBudget(attemptBudget, stepTimeout, AttemptBudget.FALLBACK.afterDot());
    }
}
