package posthaste.bounce.deliverylog;

import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.service.lifecycle.Rounds;

/** Keeps the rollup small and the indexes complete, beside the writing. */
public final class LogUpkeep extends Rounds {
    private static final Logger LOG = LoggerFactory.getLogger(LogUpkeep.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final DeliveryLog log;
    private final RollupSteps steps;

    LogUpkeep(DeliveryLog log, RollupSteps steps) {
        super("log-upkeep", PAUSE);
        this.log = log;
        this.steps = steps;
    }

    @Override
    protected Duration round() throws InterruptedException {
        try {
            log.maintain(steps);
        } catch (SQLException e) {
            LOG.debug("the delivery log's upkeep is done later", e);
        }
        return PAUSE;
    }
}
