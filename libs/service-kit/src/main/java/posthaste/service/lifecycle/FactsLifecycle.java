package posthaste.service.lifecycle;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import posthaste.queue.control.SharedFacts;

/** Reads what every process is to know, before anyone asks for it. */
public final class FactsLifecycle implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(FactsLifecycle.class);

    /** Nothing that holds for good hangs on a fact, so a start goes on without. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SharedFacts facts;
    private volatile boolean running;

    public FactsLifecycle(SharedFacts facts) {
        this.facts = facts;
    }

    @Override
    public void start() {
        facts.start();
        running = true;
        try {
            if (!facts.awaitWhole(PATIENCE)) {
                LOG.warn("not all facts could be read within {}; reading goes on", PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        if (running) {
            running = false;
            facts.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.FACTS;
    }
}
