package posthaste.mail.record;

import java.time.Instant;
import posthaste.mail.envelope.MailId;

/**
 * What is to become of a job that stands in quarantine. All orders about a mail stand in one
 * partition, in which the first one about a job is the one that counts; so two operators, or an
 * operator and the end of its time, never both have their way.
 *
 * @param job as it stands in quarantine
 * @param operator who orders
 * @param reason in the operator's words; empty when none was given
 */
public record QuarantineOrder(Job job, Action action, String operator, String reason, Instant at)
        implements MailRecord {

    /** What is to be done. */
    public enum Action {
        /** It goes on its way. */
        RELEASE,
        /** It ends as removed. */
        REMOVE
    }

    @Override
    public MailId mailId() {
        return job.mailId();
    }

    /** The order as it is written: all those about a mail in one partition. */
    public OutgoingRecord outgoing() {
        return new OutgoingRecord(Topics.QUARANTINE_ORDERS, mailId().value(), this);
    }
}
