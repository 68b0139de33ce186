package posthaste.service.engine;

import java.time.Instant;
import java.util.Optional;
import posthaste.body.CorruptBodyException;
import posthaste.body.Generation;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Job;
import posthaste.outbound.settlement.BodyRelocation;
import posthaste.outbound.settlement.Decision;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.Settlement;
import posthaste.service.flow.PoisonException;

/** Body relocation as a step of a flow sees it. */
public final class BodyKeeping {
    private final BodyRelocation relocation;

    public BodyKeeping(BodyRelocation relocation) {
        this.relocation = relocation;
    }

    /** The records that settle a job as decided, the body where they may name it. */
    Settlement settle(Decision decision)
            throws PoisonException, PartUnavailableException, InterruptedException {
        Job job = decision.job();
        Optional<Instant> needed = decision.bodyNeededAt();
        BodyRef body =
                needed.isPresent() ? bodyFor(job.envelope(), job.body(), needed.get()) : job.body();
        return Settlement.of(decision.records(body));
    }

    /** A copy for records that name bodies of another generation. */
    BodyRef copyTo(Generation generation, EncodedEnvelope envelope, BodyRef body)
            throws PoisonException, PartUnavailableException, InterruptedException {
        try {
            return relocation.copyTo(generation, envelope, body);
        } catch (MissingBodyException | CorruptBodyException e) {
            throw new PoisonException(e);
        } catch (StoreUnavailableException e) {
            throw new PartUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The body as a record that is due then may name it. */
    public BodyRef bodyFor(EncodedEnvelope envelope, BodyRef body, Instant dueAt)
            throws PoisonException, PartUnavailableException, InterruptedException {
        try {
            return relocation.bodyFor(envelope, body, dueAt);
        } catch (MissingBodyException | CorruptBodyException e) {
            throw new PoisonException(e);
        } catch (StoreUnavailableException e) {
            throw new PartUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }
}
