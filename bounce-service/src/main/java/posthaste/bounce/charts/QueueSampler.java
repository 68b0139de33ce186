package posthaste.bounce.charts;

import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.bounce.audit.QueueView;
import posthaste.queue.QueueUnavailableException;
import posthaste.service.lifecycle.Rounds;

/** Looks at the queue once a minute. A look that fails leaves a gap in the chart. */
public final class QueueSampler extends Rounds {
    private static final Logger LOG = LoggerFactory.getLogger(QueueSampler.class);

    private final QueueView queues;
    private final QueueSamples samples;
    private final Duration interval;

    public QueueSampler(QueueView queues, QueueSamples samples, Duration interval) {
        super("queue-sampler", interval);
        this.queues = queues;
        this.samples = samples;
        this.interval = interval;
    }

    @Override
    protected Duration round() throws InterruptedException {
        try {
            samples.add(queues.look());
        } catch (QueueUnavailableException | SQLException e) {
            LOG.debug("the queue could not be sampled", e);
        }
        return interval;
    }
}
