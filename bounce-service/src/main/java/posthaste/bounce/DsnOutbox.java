package posthaste.bounce;

import java.io.IOException;
import java.time.Duration;
import posthaste.body.BodyStore;
import posthaste.body.BodyWriter;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.Generation;
import posthaste.body.StoreUnavailableException;
import posthaste.bounce.dsn.Dsn;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Job;

/** Makes a notification durable, as ingest does with a mail that comes in. */
final class DsnOutbox {
    private final BodyStore store;
    private final Duration deadline;

    DsnOutbox(BodyStore store, Duration deadline) {
        this.store = store;
        this.deadline = deadline;
    }

    /**
     * Stores the body.
     *
     * @param budgetWait zero when the caller holds memory itself, so that no two wait for each
     *     other
     * @return the job that, once on its topic, accepts the mail
     * @throws IOException when a returned message cannot be read
     */
    Job post(Dsn dsn, Duration budgetWait)
            throws BudgetExhaustedException,
                    StoreUnavailableException,
                    IOException,
                    InterruptedException {
        Envelope envelope = dsn.envelope();
        try (BodyWriter writer = store.begin(Generation.PRIMARY, budgetWait)) {
            dsn.writeTo(new BodyWriterStream(writer));
            BodyRef body =
                    writer.commit(
                            envelope.id().value(),
                            EncodedEnvelope.of(envelope).toByteArray(),
                            deadline);
            return Job.first(envelope, body, 0, false);
        } catch (BodyWriterStream.Refused e) {
            e.rethrow();
            throw e;
        }
    }
}
