package posthaste.service.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Files that are read again when they change.
 *
 * @param interval between two looks at them; a change is in force after one to two of them
 */
@ConfigurationProperties(prefix = "posthaste.reload", ignoreUnknownFields = false)
public record ReloadProperties(@DefaultValue("1s") Duration interval) {
    public ReloadProperties {
        Setting.between("interval", interval, Duration.ofMillis(10), Duration.ofHours(1));
    }
}
