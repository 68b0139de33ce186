package posthaste.bounce.charts;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import posthaste.bounce.audit.QueueView;
import posthaste.queue.QueueUnavailableException;

/** Looks at the queue once a minute. A look that fails leaves a gap in the chart. */
public final class QueueSampler implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(QueueSampler.class);

    private final QueueView queues;
    private final QueueSamples samples;
    private final Duration interval;
    private volatile boolean running;
    private Thread looking = Thread.ofVirtual().unstarted(() -> {});

    public QueueSampler(QueueView queues, QueueSamples samples, Duration interval) {
        this.queues = queues;
        this.samples = samples;
        this.interval = interval;
    }

    @Override
    public void start() {
        running = true;
        looking = Thread.ofVirtual().name("queue-sampler").start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        looking.interrupt();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        while (running) {
            LockSupport.parkNanos(interval.toNanos());
            if (running) {
                sample();
            }
        }
    }

    /** Once. */
    void sample() {
        try {
            samples.add(queues.look());
        } catch (QueueUnavailableException | SQLException e) {
            LOG.debug("the queue could not be sampled", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("a defect of ours in sampling the queue", e);
        }
    }
}
