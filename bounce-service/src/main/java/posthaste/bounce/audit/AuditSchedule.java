package posthaste.bounce.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.queue.QueueUnavailableException;
import posthaste.service.lifecycle.Rounds;

/** Audits all the time, publishes the figures, and alerts in the log when someone is missing. */
public final class AuditSchedule extends Rounds {
    private static final Logger LOG = LoggerFactory.getLogger(AuditSchedule.class);

    /** An audit takes at most this part of the time, however long the queue. */
    private static final int SHARE = 20;

    /** Who asks again within this time gets the same answer. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    /** However long an audit takes, who asks gets no answer older than this. */
    private static final Duration STALE = Duration.ofSeconds(10);

    private final Audit audit;
    private final AuditProperties properties;
    private final InstantSource clock;
    private final Counter failures;
    private final Watchdog watchdog;
    private final ReentrantLock running = new ReentrantLock();
    private volatile @Nullable AuditReport latest;
    private boolean failing;

    public AuditSchedule(
            Audit audit, AuditProperties properties, InstantSource clock, MeterRegistry meters) {
        super("audit", Duration.ZERO);
        this.audit = audit;
        this.properties = properties;
        this.clock = clock;
        this.failures =
                Counter.builder("posthaste.audit.failures")
                        .description("Audits that could not be made: log or broker away")
                        .register(meters);
        this.watchdog = new Watchdog(properties.lateAfter());
        AuditMetrics.register(meters, this::latest, clock);
    }

    /**
     * The figures of now, or of two seconds ago; of up to ten seconds ago when an audit takes long.
     *
     * @throws LogUnavailableException when the log's database is away
     */
    public AuditReport fresh()
            throws LogUnavailableException, QueueUnavailableException, InterruptedException {
        running.lockInterruptibly();
        try {
            AuditReport known = latest;
            if (known != null) {
                // Absolute: a clock that was put back must not keep old figures.
                Duration age = Duration.between(known.asOf(), clock.instant()).abs();
                long kept = Math.clamp(known.tookMillis() * 5, FRESH.toMillis(), STALE.toMillis());
                if (age.toMillis() < kept) {
                    return known;
                }
            }
            AuditReport report = audit.run();
            latest = report;
            return report;
        } finally {
            running.unlock();
        }
    }

    /** The figures of the last audit, if there was one. */
    public Optional<AuditReport> latest() {
        return Optional.ofNullable(latest);
    }

    @Override
    protected Duration round() throws InterruptedException {
        Duration pause = properties.interval();
        try {
            AuditReport report = fresh();
            Duration share = Duration.ofMillis(report.tookMillis() * SHARE);
            pause = share.compareTo(pause) > 0 ? share : pause;
            watchdog.look(report).forEach(AuditSchedule::say);
            failing = false;
        } catch (LogUnavailableException | QueueUnavailableException e) {
            failures.increment();
            if (!failing) {
                LOG.warn("no audit for now: {}", e.getMessage());
            }
            failing = true;
        } catch (RuntimeException e) {
            failures.increment();
            LOG.error("the audit has met what nobody expected; it goes on", e);
        }
        return pause;
    }

    private static void say(Watchdog.Line line) {
        if (line.isOver()) {
            LOG.info("{}", line.text());
        } else {
            LOG.error("{}", line.text());
        }
    }
}
