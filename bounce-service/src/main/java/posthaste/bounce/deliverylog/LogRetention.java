package posthaste.bounce.deliverylog;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.service.lifecycle.Rounds;

/** Lets go of days that are older than the retention, and has tomorrow's partitions ready. */
public final class LogRetention extends Rounds {
    private static final Logger LOG = LoggerFactory.getLogger(LogRetention.class);
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final Duration PAUSE_WHEN_AWAY = Duration.ofMinutes(1);

    private final DeliveryLog log;
    private final InstantSource clock;
    private final Duration retention;
    private final LastSuccess success;

    public LogRetention(
            DeliveryLog log, InstantSource clock, Duration retention, MeterRegistry meters) {
        super("log-retention", Duration.ZERO);
        this.success = new LastSuccess("retention", "the delivery log's days", clock, meters);
        this.log = log;
        this.clock = clock;
        this.retention = retention;
    }

    /** Looks after the days once. */
    void run() throws SQLException {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        log.prepare(today);
        log.prepare(today.plusDays(1));
        log.electChartDomains();
        List<LocalDate> dropped =
                log.dropBefore(
                        LocalDate.ofInstant(clock.instant().minus(retention), ZoneOffset.UTC));
        if (!dropped.isEmpty()) {
            LOG.info("the delivery log has let go of {}", dropped);
        }
    }

    @Override
    protected Duration round() {
        try {
            run();
            success.succeeded();
            return PAUSE;
        } catch (SQLException e) {
            success.failed(e);
            return PAUSE_WHEN_AWAY;
        }
    }
}
