package posthaste.service.lifecycle;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import posthaste.queue.control.SharedFacts;

/** Reads a topic of what every process is to know, before anyone asks for it. */
public final class FactsLifecycle implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(FactsLifecycle.class);

    private final SharedFacts facts;
    private final String name;
    private final Duration patience;
    private volatile boolean running;

    /**
     * Reads these.
     *
     * @param name of them all, for a sentence
     * @param patience after which a start goes on without the rest
     */
    public FactsLifecycle(SharedFacts facts, String name, Duration patience) {
        this.facts = facts;
        this.name = name;
        this.patience = patience;
    }

    @Override
    public void start() {
        facts.start();
        running = true;
        try {
            if (!facts.awaitWhole(patience)) {
                LOG.warn("{} could not be read whole within {}; reading goes on", name, patience);
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
