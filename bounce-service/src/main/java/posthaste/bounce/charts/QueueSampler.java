package posthaste.bounce.charts;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import posthaste.bounce.audit.QueueOverview;
import posthaste.bounce.audit.QueueView;
import posthaste.bounce.deliverylog.LastSuccess;
import posthaste.queue.QueueUnavailableException;
import posthaste.service.lifecycle.Rounds;

/**
 * Looks at the queue once a minute; of all instances one does, since a look reads the whole queue.
 * A look that fails leaves the minute to another instance, or a gap in the chart.
 */
public final class QueueSampler extends Rounds {
    private final QueueView queues;
    private final QueueSamples samples;
    private final Duration interval;
    private final InstantSource clock;
    private final LastSuccess success;

    public QueueSampler(
            QueueView queues,
            QueueSamples samples,
            Duration interval,
            InstantSource clock,
            MeterRegistry meters) {
        super("queue-sampler", interval);
        this.queues = queues;
        this.samples = samples;
        this.interval = interval;
        this.clock = clock;
        this.success =
                new LastSuccess(
                        "queue-samples", "the samples of the queue for charts", clock, meters);
    }

    @Override
    protected Duration round() throws InterruptedException {
        try {
            Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
            if (samples.take(minute)) {
                look(minute);
            }
            success.succeeded();
        } catch (QueueUnavailableException | SQLException e) {
            success.failed(e);
        }
        return interval;
    }

    private void look(Instant minute)
            throws QueueUnavailableException, SQLException, InterruptedException {
        boolean seen = false;
        try {
            QueueOverview overview = queues.look();
            samples.fill(minute, overview);
            seen = true;
        } finally {
            if (!seen) {
                samples.leave(minute);
            }
        }
    }
}
