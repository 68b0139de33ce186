package posthaste.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import posthaste.body.CorruptBodyException;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.RecipientOutcome;
import posthaste.mail.record.Job;
import posthaste.mail.status.Reply;
import posthaste.outbound.AttemptBudget;
import posthaste.outbound.DeliveryEngine;
import posthaste.outbound.routing.ResolverUnavailableException;
import posthaste.outbound.smtp.FinalDot;

/** An engine whose troubles a test decides: those of our own parts cannot be had to order. */
final class ScriptedEngine implements DeliveryEngine {
    static final Outcome DELIVERED = new Outcome.Delivered(new Reply(250, "2.0.0 taken"), true);

    /** What happens in an attempt. */
    @FunctionalInterface
    interface Script {
        Outcome attempt(Job job)
                throws MissingBodyException,
                        CorruptBodyException,
                        StoreUnavailableException,
                        ResolverUnavailableException,
                        InterruptedException;
    }

    final List<Job> attempts = new CopyOnWriteArrayList<>();
    volatile Script script = _ -> DELIVERED;

    @Override
    public AttemptReport attempt(Job job, AttemptBudget budget, FinalDot finalDot)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    ResolverUnavailableException,
                    InterruptedException {
        attempts.add(job);
        Outcome outcome = script.attempt(job);
        return new AttemptReport(
                new AttemptDetails(
                        job.domain(), "", "mx", "", "", Instant.EPOCH, Duration.ofMillis(1)),
                job.pending().stream().map(i -> new RecipientOutcome(i, outcome)).toList());
    }

    @Override
    public void close() {}
}
