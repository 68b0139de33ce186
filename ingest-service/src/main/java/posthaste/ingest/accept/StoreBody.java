package posthaste.ingest.accept;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.BodyWriter;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;

/** Step 3: makes the body durable. */
public final class StoreBody {
    private static final Logger LOG = LoggerFactory.getLogger(StoreBody.class);

    private final StorageRoom room;

    public StoreBody(StorageRoom room) {
        this.room = room;
    }

    /**
     * Returns when the body is durable.
     *
     * @throws Refusal when it is not, within the deadline
     */
    public StoredMail store(ReceivedMail mail) {
        try (BodyWriter body = mail.body()) {
            if (!room.isLeft()) {
                throw Refusal.noSpace();
            }
            EncodedEnvelope envelope = EncodedEnvelope.of(mail.envelope());
            BodyRef ref =
                    body.commit(
                            mail.envelope().id().value(),
                            envelope.toByteArray(),
                            mail.deadline().remaining());
            return new StoredMail(envelope, ref, mail.deadline());
        } catch (StoreUnavailableException e) {
            LOG.warn("mail refused, the body store does not take it: {}", e.getMessage());
            throw Refusal.notAccepted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.notAccepted();
        }
    }
}
