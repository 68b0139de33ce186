package posthaste.bounce.operator;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.bounce.deliverylog.LastSuccess;
import posthaste.service.lifecycle.Rounds;

/** Lets go of actions that are older than the retention of their record. */
public final class ActionRetention extends Rounds {
    private static final Logger LOG = LoggerFactory.getLogger(ActionRetention.class);
    private static final Duration PAUSE = Duration.ofHours(1);

    private final OperatorActions actions;
    private final InstantSource clock;
    private final Duration retention;
    private final LastSuccess success;

    public ActionRetention(
            OperatorActions actions, InstantSource clock, Duration retention, LastSuccess success) {
        super("action-retention", PAUSE);
        this.actions = actions;
        this.clock = clock;
        this.retention = retention;
        this.success = success;
    }

    /** Looks after the record once. */
    public void run() throws SQLException {
        int forgotten = actions.forgetBefore(clock.instant().minus(retention));
        if (forgotten > 0) {
            LOG.info("the record of actions has let go of {} that were too old", forgotten);
        }
    }

    @Override
    protected Duration round() {
        try {
            run();
            success.succeeded();
        } catch (SQLException e) {
            success.failed(e);
        }
        return PAUSE;
    }
}
