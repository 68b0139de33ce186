package posthaste.ingest.policy.assembly;

import static posthaste.service.settings.Setting.between;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Policy.
 *
 * @param file that says who may submit what, read again when it changes (docs/policy.md); without
 *     one the trusted may relay and nobody else
 * @param usageInterval at which instances tell each other what was used of limits; much of a limit
 *     is told at once
 * @param stressInterval between two looks at what is running out
 */
@ConfigurationProperties(prefix = "posthaste.policy", ignoreUnknownFields = false)
public record PolicyProperties(
        @DefaultValue("") String file,
        @DefaultValue("500ms") Duration usageInterval,
        @DefaultValue("200ms") Duration stressInterval) {

    public PolicyProperties {
        between("usage-interval", usageInterval, Duration.ofMillis(10), Duration.ofMinutes(1));
        between("stress-interval", stressInterval, Duration.ofMillis(10), Duration.ofSeconds(10));
    }

    boolean hasFile() {
        return !file.isBlank();
    }
}
