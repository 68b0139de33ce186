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
 * @param connections to the database, at most; half of them may write at once, and two may be held
 *     by upkeep for long
 * @param searchPatience how long a search may take; then it is given up, and whoever asked is told
 *     to narrow it
 * @param chartDomains destinations that have lines of their own in charts, at most; more cost space
 *     and time with each minute and each chart
 * @param chartMinutes how long the figures of charts are kept by the minute
 * @param chartHours how long the figures of charts are kept by the hour
 * @param chartDays how long the figures of charts are kept at all, by the day
 */
@ConfigurationProperties(prefix = "posthaste.log", ignoreUnknownFields = false)
public record LogProperties(
        @DefaultValue("30d") Duration retention,
        @DefaultValue("1000") int batchRecords,
        @DefaultValue("250ms") Duration linger,
        @DefaultValue("8") int connections,
        @DefaultValue("10s") Duration searchPatience,
        @DefaultValue("200") int chartDomains,
        @DefaultValue("3d") Duration chartMinutes,
        @DefaultValue("90d") Duration chartHours,
        @DefaultValue("3650d") Duration chartDays) {
    /** As many as is usual. */
    static final int CHART_DOMAINS = 200;

    public LogProperties {
        Setting.between("retention", retention, Duration.ofDays(1), Duration.ofDays(3650));
        Setting.between("batch-records", batchRecords, 1, 20_000);
        Setting.between("linger", linger, Duration.ZERO, Duration.ofSeconds(10));
        Setting.between("connections", connections, 5, 100);
        Setting.between(
                "search-patience", searchPatience, Duration.ofMillis(100), Duration.ofMinutes(1));
        Setting.between("chart-domains", chartDomains, 0, 10_000);
        Setting.between("chart-minutes", chartMinutes, Duration.ofHours(1), Duration.ofDays(3650));
        Setting.between("chart-hours", chartHours, chartMinutes, Duration.ofDays(3650));
        Setting.between("chart-days", chartDays, chartHours, Duration.ofDays(36_500));
    }
}
