package posthaste.bounce.deliverylog;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.service.settings.Setting;

/**
 * The delivery log.
 *
 * @param retention how long a mail is kept in the log, by whole days of acceptance; a day with
 *     recipients who have no outcome yet is kept longer
 * @param batchRecords records written in one transaction, at most
 * @param linger how long a batch is gathered: shorter shows mail sooner, longer costs less
 * @param connections to the database, at most; half of them may write at once
 */
@ConfigurationProperties(prefix = "posthaste.log", ignoreUnknownFields = false)
public record LogProperties(
        @DefaultValue("30d") Duration retention,
        @DefaultValue("1000") int batchRecords,
        @DefaultValue("250ms") Duration linger,
        @DefaultValue("8") int connections) {
    public LogProperties {
        Setting.between("retention", retention, Duration.ofDays(1), Duration.ofDays(3650));
        Setting.between("batch-records", batchRecords, 1, 20_000);
        Setting.between("linger", linger, Duration.ZERO, Duration.ofSeconds(10));
        Setting.between("connections", connections, 3, 100);
    }
}
