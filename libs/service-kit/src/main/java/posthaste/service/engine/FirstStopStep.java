package posthaste.service.engine;

import java.time.Duration;
import java.time.Instant;
import posthaste.body.Generation;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.record.Job;
import posthaste.outbound.settlement.FirstStops;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.Settlement;
import posthaste.service.flow.PoisonException;

/** The step that settles a job, without an attempt, to where it is to go first. */
public final class FirstStopStep {
    private final FirstStops stops;
    private final BodyKeeping bodies;
    private final Duration quarantine;

    /**
     * Takes what it decides by.
     *
     * @param quarantine how long mail stays there
     */
    public FirstStopStep(FirstStops stops, BodyKeeping bodies, Duration quarantine) {
        this.quarantine = quarantine;
        this.stops = stops;
        this.bodies = bodies;
    }

    /** Whether a job may be attempted now. */
    public boolean isPassed(Job job) {
        return stops.before(job) instanceof FirstStop.Attempt;
    }

    /**
     * Settles. Should the time that a mail is held for pass right now, it waits on the shortest
     * tier.
     *
     * @throws PartUnavailableException when the body has to be copied and cannot be
     */
    public Settlement settle(Job job)
            throws PoisonException, PartUnavailableException, InterruptedException {
        return switch (job.envelope().envelope().handling().firstStop()) {
            case FirstStop.Fallback() -> bodies.settle(stops.toFallback(job));
            case FirstStop.Hold(Instant until) -> bodies.settle(stops.held(job, until));
            case FirstStop.Quarantine(String reason) -> {
                Job kept =
                        job.withBody(
                                bodies.copyTo(Generation.QUARANTINE, job.envelope(), job.body()));
                yield Settlement.of(stops.quarantined(kept, reason, quarantine));
            }
            case FirstStop.Attempt() ->
                    throw new IllegalStateException("job " + job.id() + " has no stop before it");
        };
    }
}
