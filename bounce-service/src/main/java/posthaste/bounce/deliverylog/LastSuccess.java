package posthaste.bounce.deliverylog;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When something that is done again and again last went well, as a gauge; the log hears when it
 * begins to fail and when it goes well again, and not of each time in between.
 */
public final class LastSuccess {
    private static final Logger LOG = LoggerFactory.getLogger(LastSuccess.class);

    private final String what;
    private final InstantSource clock;
    private final AtomicLong at;
    private final AtomicBoolean fails = new AtomicBoolean();

    /**
     * It counts from now: what has never gone well is as old as the process.
     *
     * @param task the gauge's tag
     * @param what as a sentence names it: "the log's days"
     */
    public LastSuccess(String task, String what, InstantSource clock, MeterRegistry meters) {
        this.what = what;
        this.clock = clock;
        this.at = new AtomicLong(clock.millis());
        TimeGauge.builder(
                        "posthaste.log.upkeep.last.success",
                        at,
                        TimeUnit.MILLISECONDS,
                        AtomicLong::get)
                .description("When this part of the log's upkeep last went well, since 1970")
                .tag("task", task)
                .register(meters);
    }

    /** It went well. */
    public void succeeded() {
        at.set(clock.millis());
        if (fails.compareAndSet(true, false)) {
            LOG.info("{}: all is well again", what);
        }
    }

    /** It did not, and is tried again later. */
    public void failed(Exception e) {
        if (fails.compareAndSet(false, true)) {
            LOG.warn(
                    "{}: this fails, and is tried again until it goes well: {}",
                    what,
                    e.getMessage());
        }
        LOG.debug("{}", what, e);
    }
}
