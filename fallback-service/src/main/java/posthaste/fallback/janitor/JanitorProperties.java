package posthaste.fallback.janitor;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.service.settings.Setting;

/**
 * The janitor, which removes the bodies and records that nobody needs any more. In all
 * fallback-services one is at work at a time.
 *
 * @param enabled whether anything is removed at all; without it disks fill up
 * @param interval between two runs
 * @param grace how much longer than anybody needs it a body is kept: for clocks that differ, and
 *     for records on their way. Above the greatest difference that the clocks of the machines may
 *     have, and above the time that a record may be under way to a broker that is away
 */
@ConfigurationProperties(prefix = "posthaste.janitor", ignoreUnknownFields = false)
public record JanitorProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("5m") Duration interval,
        @DefaultValue("30m") Duration grace) {
    public JanitorProperties {
        Setting.between("interval", interval, Duration.ofMillis(100), Duration.ofDays(1));
        Setting.between("grace", grace, Duration.ofSeconds(1), Duration.ofDays(30));
    }
}
