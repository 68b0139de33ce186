package posthaste.ingest.accept;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Job;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Split;
import posthaste.mail.record.Topics;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.Publisher;
import posthaste.queue.QueueUnavailableException;

/** Step 4: accepts the mail by one record (DESIGN 3, invariant 1). */
public final class PublishEnvelope {
    private static final Logger LOG = LoggerFactory.getLogger(PublishEnvelope.class);

    private final Publisher publisher;

    public PublishEnvelope(Publisher publisher) {
        this.publisher = publisher;
    }

    /**
     * Returns when the record is durable.
     *
     * @throws Refusal when it is not, or when that cannot be told at the deadline
     */
    public QueuedMail publish(StoredMail mail) {
        try {
            publisher.publish(List.of(acceptanceOf(mail)), mail.deadline().remaining());
            return new QueuedMail(
                    mail.envelope().envelope().id(), mail.body().length(), mail.deadline());
        } catch (QueueUnavailableException e) {
            LOG.warn("mail refused, the broker does not take it: {}", e.getMessage());
            throw Refusal.notAccepted();
        } catch (OutcomeUnknownException e) {
            LOG.warn(
                    "mail {} refused, the broker may have taken it nevertheless: {}",
                    mail.envelope().envelope().id(),
                    e.getMessage());
            throw Refusal.outcomeUnknown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.outcomeUnknown();
        }
    }

    private static OutgoingRecord acceptanceOf(StoredMail mail) {
        Envelope envelope = mail.envelope().envelope();
        String topic = Topics.accepting(envelope.stream());
        if (envelope.stream().equals(Stream.INBOUND)) {
            // To be read, not to be divided; read by whoever, wherever.
            return new OutgoingRecord(
                    topic,
                    envelope.id().value(),
                    Job.first(mail.envelope(), mail.body(), 0, false));
        }
        if (Split.isNeededFor(envelope)) {
            return new OutgoingRecord(
                    topic, envelope.id().value(), new Split(mail.envelope(), mail.body()));
        }
        Job job = Job.first(mail.envelope(), mail.body(), 0, false);
        return new OutgoingRecord(topic, job.domain(), job);
    }
}
