package posthaste.service.engine;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import posthaste.body.CorruptBodyException;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.RecipientOutcome;
import posthaste.mail.record.Job;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.outbound.AttemptBudget;
import posthaste.outbound.DeliveryEngine;
import posthaste.outbound.routing.ResolverUnavailableException;
import posthaste.outbound.smtp.FinalDot;
import posthaste.service.suppression.SuppressionScreen;

/** An engine that does not try those whom the suppression list has: they have failed already. */
public final class ScreenedEngine implements DeliveryEngine {
    private static final EnhancedStatusCode NOT_AUTHORISED = new EnhancedStatusCode(5, 7, 1);

    private final DeliveryEngine engine;
    private final SuppressionScreen screen;
    private final InstantSource clock;

    public ScreenedEngine(DeliveryEngine engine, SuppressionScreen screen, InstantSource clock) {
        this.engine = engine;
        this.screen = screen;
        this.clock = clock;
    }

    @Override
    public AttemptReport attempt(Job job, AttemptBudget budget, FinalDot finalDot)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    ResolverUnavailableException,
                    InterruptedException {
        List<RecipientOutcome> suppressed = suppressed(job);
        if (suppressed.isEmpty()) {
            return engine.attempt(job, budget, finalDot);
        }
        List<Integer> others = new ArrayList<>(job.pending());
        suppressed.forEach(one -> others.remove(Integer.valueOf(one.recipient())));
        if (others.isEmpty()) {
            return new AttemptReport(untried(job), suppressed);
        }
        AttemptReport tried = engine.attempt(only(others, job), budget, finalDot);
        List<RecipientOutcome> all = new ArrayList<>(suppressed);
        all.addAll(tried.outcomes());
        all.sort(Comparator.comparingInt(RecipientOutcome::recipient));
        return new AttemptReport(tried.details(), all);
    }

    private List<RecipientOutcome> suppressed(Job job) {
        Envelope envelope = job.envelope().envelope();
        List<RecipientOutcome> suppressed = new ArrayList<>();
        for (int recipient : job.pending()) {
            screen.reason(
                            envelope.client(),
                            envelope.stream(),
                            envelope.recipients().get(recipient).address())
                    .ifPresent(reason ->
                            suppressed.add(
                                    new RecipientOutcome(
                                            recipient,
                                            new Outcome.Failed(
                                                    NOT_AUTHORISED, Optional.empty(), reason))));
        }
        return suppressed;
    }

    private static Job only(List<Integer> pending, Job job) {
        return new Job(
                job.id(),
                job.envelope(),
                job.body(),
                pending,
                job.attempts(),
                job.tier(),
                job.derived(),
                job.delayWarned());
    }

    private AttemptDetails untried(Job job) {
        return new AttemptDetails(job.domain(), "", "", "", "", clock.instant(), Duration.ZERO);
    }

    @Override
    public void close() {
        engine.close();
    }
}
