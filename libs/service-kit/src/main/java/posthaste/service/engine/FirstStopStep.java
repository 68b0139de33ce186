package posthaste.service.engine;

import java.time.Instant;
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

    public FirstStopStep(FirstStops stops, BodyKeeping bodies) {
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
            case FirstStop.Quarantine(_) ->
                    throw new PartUnavailableException(
                            "mail is to be quarantined, and there is no quarantine");
            case FirstStop.Attempt() ->
                    throw new IllegalStateException("job " + job.id() + " has no stop before it");
        };
    }
}
