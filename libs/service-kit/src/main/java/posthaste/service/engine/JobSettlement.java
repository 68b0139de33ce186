package posthaste.service.engine;

import posthaste.outbound.settlement.AttemptSettlement;
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
        return bodies.settle(settlement.decide(attempted.job(), attempted.report()));
    }
}
