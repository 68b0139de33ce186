package posthaste.service.lifecycle;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import posthaste.queue.MailQueue;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.TopicPlan;
import posthaste.service.settings.StartRefusedException;

/**
 * Before anything reads or writes: every topic of the house exists and promises what no-loss rests
 * on. Waits for a broker that is not there yet, since all parts of an installation start at once.
 */
public final class QueuePreparation implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(QueuePreparation.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final MailQueue queue;
    private final List<TopicPlan> topics;
    private final List<String> brokers;
    private final Duration brokerWait;
    private volatile boolean prepared;

    /**
     * Takes the topics that are to be there.
     *
     * @param brokers whom the queue asks, for the sentence that says they are away
     */
    public QueuePreparation(
            MailQueue queue, List<TopicPlan> topics, List<String> brokers, Duration brokerWait) {
        this.queue = queue;
        this.brokers = List.copyOf(brokers);
        this.topics = List.copyOf(topics);
        this.brokerWait = brokerWait;
    }

    @Override
    public void start() {
        long begun = System.nanoTime();
        try {
            while (!prepared) {
                try {
                    queue.prepare(topics);
                    prepared = true;
                } catch (QueueUnavailableException e) {
                    if (System.nanoTime() - begun >= brokerWait.toNanos()) {
                        throw new StartRefusedException(
                                "No broker answered at posthaste.kafka.bootstrap-servers ("
                                        + String.join(",", brokers)
                                        + ") within posthaste.queue.broker-wait ("
                                        + brokerWait.toSeconds()
                                        + " s).",
                                e);
                    }
                    LOG.info("waiting for the broker: {}", e.getMessage());
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefusedException(
                    "The start was interrupted while it waited for the broker.", e);
        }
    }

    /** The topics stay: there is nothing to take back. */
    @Override
    public void stop() {
        prepared = false;
    }

    @Override
    public boolean isRunning() {
        return prepared;
    }

    @Override
    public int getPhase() {
        return Phases.QUEUE;
    }
}
