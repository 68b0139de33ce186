package posthaste.service.lifecycle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Something that is done again and again beside the mail, by a thread of its own. What nobody
 * expected ends a round and never the thread: who dies here would not be missed for weeks.
 */
public abstract class Rounds implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
    private static final Duration STOPPING = Duration.ofSeconds(5);
    private static final Duration AFTER_A_DEFECT = Duration.ofSeconds(1);

    private final String name;
    private final Duration first;
    private volatile @Nullable Thread thread;

    /**
     * Not begun.
     *
     * @param name of the thread
     * @param first how long until the first round
     */
    protected Rounds(String name, Duration first) {
        this.name = name;
        this.first = first;
    }

    /**
     * Once.
     *
     * @return how long until the next round
     */
    protected abstract Duration round() throws InterruptedException;

    @Override
    public final void start() {
        Thread made = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
        thread = made;
        made.start();
    }

    /** Breaks off what is under way. */
    @Override
    public final void stop() {
        Thread running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
            try {
                running.join(STOPPING);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public final boolean isRunning() {
        return thread != null;
    }

    private void run() {
        Duration pause = first;
        while (Thread.currentThread().equals(thread)) {
            try {
                Thread.sleep(pause);
                pause = round();
            } catch (InterruptedException e) {
                LOG.debug("{} stops", name, e);
                return;
            } catch (RuntimeException e) {
                LOG.error("{} has met what nobody expected; it goes on", name, e);
                pause = pause.compareTo(AFTER_A_DEFECT) < 0 ? AFTER_A_DEFECT : pause;
            }
        }
    }
}
