package posthaste.fallback.depth;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.service.settings.Setting;

/**
 * How often fallback-service looks how much mail waits and is due, for the metrics
 * posthaste_queue_records and posthaste_queue_due.
 *
 * @param interval between two looks; autoscalers see nothing that is younger
 */
@ConfigurationProperties(prefix = "posthaste.depth", ignoreUnknownFields = false)
public record DepthProperties(@DefaultValue("10s") Duration interval) {
    public DepthProperties {
        Setting.between("interval", interval, Duration.ofMillis(100), Duration.ofHours(1));
    }
}
