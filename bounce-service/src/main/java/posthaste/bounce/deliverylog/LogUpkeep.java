package posthaste.bounce.deliverylog;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Keeps the rollup small and the indexes complete, beside the writing. */
public final class LogUpkeep implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(LogUpkeep.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final DeliveryLog log;
    private final RollupSteps steps;
    private @Nullable Thread thread;

    LogUpkeep(DeliveryLog log, RollupSteps steps) {
        this.log = log;
        this.steps = steps;
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().name("log-upkeep").daemon().start(this::loop);
    }

    @Override
    public void stop() {
        Thread loop = thread;
        if (loop != null) {
            loop.interrupt();
            thread = null;
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void loop() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(PAUSE);
                log.maintain(steps);
            } catch (SQLException e) {
                LOG.debug("the delivery log's upkeep is done later", e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
