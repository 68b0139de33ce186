package posthaste.service.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is kept from filling up.
 *
 * @param watch folders beside those of the bodies whose disks are kept above {@code
 *     posthaste.body.free-space-floor}: those of a broker on the same machine
 * @param checkInterval how often the free space is looked at
 */
@ConfigurationProperties(prefix = "posthaste.storage", ignoreUnknownFields = false)
public record StorageProperties(
        @DefaultValue List<Path> watch, @DefaultValue("1s") Duration checkInterval) {

    public StorageProperties {
        watch = List.copyOf(watch);
        Setting.between(
                "check-interval", checkInterval, Duration.ofMillis(10), Duration.ofMinutes(1));
    }
}
