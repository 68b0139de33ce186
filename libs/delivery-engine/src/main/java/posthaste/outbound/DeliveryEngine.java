package posthaste.outbound;

import posthaste.body.CorruptBodyException;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.record.Job;
import posthaste.outbound.routing.ResolverUnavailableException;
import posthaste.outbound.smtp.FinalDot;

/** Tries jobs, each once. Safe for many virtual threads. */
public interface DeliveryEngine extends AutoCloseable {

    /**
     * Makes one attempt for a job's pending recipients, or holds it back when its destination's
     * limit, slowness or outage says so.
     *
     * <p>The body is opened only once the destination has let the job in. An exception of ours that
     * nobody foresaw is a deferral {@code 4.3.0}, never thrown.
     *
     * @param finalDot asked before each final dot
     * @return one outcome for each pending recipient
     * @throws MissingBodyException poison
     * @throws CorruptBodyException poison
     * @throws StoreUnavailableException our store is away: nothing is to be counted against the job
     * @throws ResolverUnavailableException our resolver is away: likewise
     * @throws InterruptedException before the final dot: nothing was delivered
     */
    AttemptReport attempt(Job job, AttemptBudget budget, FinalDot finalDot)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    ResolverUnavailableException,
                    InterruptedException;

    /** The same, with nobody to ask. */
    default AttemptReport attempt(Job job, AttemptBudget budget)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    ResolverUnavailableException,
                    InterruptedException {
        return attempt(job, budget, FinalDot.UNGUARDED);
    }

    @Override
    void close();
}
