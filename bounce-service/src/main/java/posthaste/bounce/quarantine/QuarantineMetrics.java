package posthaste.bounce.quarantine;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.queue.QueueUnavailableException;

/** How much stands in quarantine; looked at once a minute at most, since a look reads it all. */
final class QuarantineMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(QuarantineMetrics.class);
    private static final long FRESH = Duration.ofMinutes(1).toNanos();

    private final Quarantine quarantine;
    private double latest = Double.NaN;
    private long lookedAt = System.nanoTime() - FRESH;

    QuarantineMetrics(Quarantine quarantine, MeterRegistry registry) {
        this.quarantine = quarantine;
        Gauge.builder("posthaste.quarantine.jobs", this, QuarantineMetrics::size)
                .description("Jobs in quarantine that nobody has decided on; NaN: not known")
                .register(registry);
    }

    private synchronized double size() {
        if (System.nanoTime() - lookedAt >= FRESH) {
            lookedAt = System.nanoTime();
            try {
                latest = quarantine.size();
            } catch (QueueUnavailableException e) {
                LOG.debug("the quarantine cannot be counted", e);
                latest = Double.NaN;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                latest = Double.NaN;
            }
        }
        return latest;
    }
}
