package posthaste.bounce.deliverylog;

import java.sql.SQLException;
import java.time.Duration;
import posthaste.service.lifecycle.Rounds;

/** Does one thing for the log again and again, beside the writing. */
public final class LogUpkeep extends Rounds {
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Task task;
    private final LastSuccess success;

    LogUpkeep(String name, Task task, LastSuccess success) {
        super(name, PAUSE);
        this.task = task;
        this.success = success;
    }

    /** What is done. */
    @FunctionalInterface
    interface Task {
        /**
         * Does a piece of it.
         *
         * @return whether more is waiting
         */
        boolean run() throws SQLException;
    }

    @Override
    protected Duration round() {
        try {
            boolean hasMore = task.run();
            success.succeeded();
            return hasMore ? Duration.ZERO : PAUSE;
        } catch (SQLException e) {
            success.failed(e);
            return PAUSE;
        }
    }
}
