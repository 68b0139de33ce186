package posthaste.bounce.audit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.service.settings.Setting;

/**
 * The audit.
 *
 * @param interval between two audits in the background; a long one makes the next come later, so
 *     that it never takes more than a twentieth of the time
 * @param grace how long after its promised time a next event may still come, before it is overdue
 * @param lateAfter how long after its promised time a recipient may still wait in a queue, and how
 *     long the log may be behind, before there is an alert
 * @param patience how long the log may take to catch up with its topics, before an audit goes
 *     without judging
 * @param recipientsInMemory recipients compared at once, 21 bytes each at most; with more in the
 *     queue it is looked through several times
 * @param examples unaccounted recipients named at most
 */
@ConfigurationProperties(prefix = "posthaste.audit", ignoreUnknownFields = false)
public record AuditProperties(
        @DefaultValue("30s") Duration interval,
        @DefaultValue("60s") Duration grace,
        @DefaultValue("15m") Duration lateAfter,
        @DefaultValue("5s") Duration patience,
        @DefaultValue("1000000") int recipientsInMemory,
        @DefaultValue("100") int examples) {
    public AuditProperties {
        Setting.between("interval", interval, Duration.ofMillis(100), Duration.ofDays(1));
        Setting.between("grace", grace, Duration.ZERO, Duration.ofDays(7));
        Setting.between("late-after", lateAfter, Duration.ZERO, Duration.ofDays(7));
        Setting.between("patience", patience, Duration.ZERO, Duration.ofMinutes(5));
        Setting.between("recipients-in-memory", recipientsInMemory, 1_000, 500_000_000);
        Setting.between("examples", examples, 0, 10_000);
    }
}
