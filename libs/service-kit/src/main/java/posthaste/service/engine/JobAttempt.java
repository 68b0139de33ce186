package posthaste.service.engine;

import java.time.InstantSource;
import posthaste.body.CorruptBodyException;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Job;
import posthaste.outbound.AttemptBudget;
import posthaste.outbound.DeliveryEngine;
import posthaste.outbound.routing.ResolverUnavailableException;
import posthaste.outbound.settlement.RetryPolicy;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.PointOfNoReturn;
import posthaste.service.flow.PoisonException;

/**
 * The step that tries a job once.
 *
 * <p>If a deferral would need a copy of the body, that copy is made before the attempt: should the
 * store fail, nothing has been sent yet, and the job can simply be tried again.
 */
public final class JobAttempt {
    private final DeliveryEngine engine;
    private final BodyKeeping bodies;
    private final RetryPolicy policy;
    private final InstantSource clock;
    private final AttemptBudget budget;
    private final AttemptMetrics metrics;

    /**
     * Takes what a fleet tries its jobs with.
     *
     * @param budget of this fleet
     */
    public JobAttempt(
            DeliveryEngine engine,
            BodyKeeping bodies,
            RetryPolicy policy,
            InstantSource clock,
            AttemptBudget budget,
            AttemptMetrics metrics) {
        this.engine = engine;
        this.bodies = bodies;
        this.policy = policy;
        this.clock = clock;
        this.budget = budget;
        this.metrics = metrics;
    }

    /**
     * Tries.
     *
     * @throws PoisonException when the body is confirmed missing or damaged, and nobody has the
     *     mail
     * @throws PartUnavailableException when our store or resolver is away, and nobody has the mail
     */
    public Attempted attempt(Job job)
            throws PoisonException, PartUnavailableException, InterruptedException {
        Job kept = withBodyForADeferral(job);
        long begun = System.nanoTime();
        try {
            AttemptReport report = engine.attempt(kept, budget, PointOfNoReturn::pass);
            metrics.record(report, System.nanoTime() - begun);
            return new Attempted(kept, report);
        } catch (MissingBodyException | CorruptBodyException e) {
            throw new PoisonException(e);
        } catch (StoreUnavailableException | ResolverUnavailableException e) {
            throw new PartUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    private Job withBodyForADeferral(Job job)
            throws PoisonException, PartUnavailableException, InterruptedException {
        int position = policy.afterAttempts(job.attempts() + 1);
        BodyRef body =
                bodies.bodyFor(
                        job.envelope(),
                        job.body(),
                        clock.instant().plus(policy.tier(position).delay()));
        return body.equals(job.body()) ? job : job.withBody(body);
    }
}
