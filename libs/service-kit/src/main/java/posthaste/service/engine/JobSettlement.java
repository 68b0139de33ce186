package posthaste.service.engine;

import java.time.Instant;
import java.util.Optional;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Job;
import posthaste.outbound.settlement.AttemptSettlement;
import posthaste.outbound.settlement.Decision;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.Settlement;
import posthaste.service.flow.PoisonException;

/** The step that turns what an attempt led to into the records that settle its job. */
public final class JobSettlement {
    private final AttemptSettlement settlement;
    private final BodyKeeping bodies;

    public JobSettlement(AttemptSettlement settlement, BodyKeeping bodies) {
        this.settlement = settlement;
        this.bodies = bodies;
    }

    /**
     * Settles.
     *
     * @throws PartUnavailableException when the body has to be copied and cannot be: only after an
     *     attempt that took far longer than its budget, or that was held back for long
     */
    public Settlement settle(Attempted attempted)
            throws PoisonException, PartUnavailableException, InterruptedException {
        Job job = attempted.job();
        Decision decision = settlement.decide(job, attempted.report());
        Optional<Instant> needed = decision.bodyNeededAt();
        BodyRef body =
                needed.isPresent()
                        ? bodies.bodyFor(job.envelope(), job.body(), needed.get())
                        : job.body();
        return Settlement.of(decision.records(body));
    }
}
