package posthaste.mail.record;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import posthaste.mail.envelope.MailId;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/**
 * What the bounce-service is to tell the sender about: stands in {@code mail.bounce}.
 *
 * @param id derived from its cause, job, action and recipients, so that a repeat is recognised
 * @param envelope of the job, so that indexes in {@code entries} fit
 * @param decidedAt when the attempt ended
 * @param causedAt shortly before, and the same when a crash has the attempt made twice, so that
 *     both lead to one notification: its mail id is made of this and {@code id}
 */
public record Notice(
        String id,
        EncodedEnvelope envelope,
        BodyRef body,
        Instant decidedAt,
        Instant causedAt,
        List<Entry> entries)
        implements MailRecord {

    /** What became of a recipient, in RFC 3464's sense (section 2.3.3), expiry told apart. */
    public enum Action {
        FAILED,
        EXPIRED,
        DELAYED,
        RELAYED
    }

    /**
     * One recipient.
     *
     * @param recipient index into the envelope's recipients
     * @param reason one plain sentence for people
     * @param remoteHost who said so; empty when it was us
     * @param willRetryUntil for delay warnings
     */
    public record Entry(
            int recipient,
            Action action,
            EnhancedStatusCode status,
            Optional<Reply> reply,
            String reason,
            String remoteHost,
            Optional<Instant> willRetryUntil) {}

    public Notice {
        entries = List.copyOf(entries);
        int recipients = envelope.envelope().recipients().size();
        if (entries.isEmpty()
                || entries.stream().anyMatch(e -> e.recipient < 0 || e.recipient >= recipients)) {
            throw new IllegalArgumentException("the entries do not fit the envelope");
        }
    }

    /** A notice that no repeated attempt can lead to. */
    public Notice(
            String id,
            EncodedEnvelope envelope,
            BodyRef body,
            Instant decidedAt,
            List<Entry> entries) {
        this(id, envelope, body, decidedAt, decidedAt, entries);
    }

    /** The id of the mail that tells the sender. */
    public MailId notificationId() {
        return MailId.derived(causedAt, id);
    }

    /** The same notice, its body in another place. */
    public Notice withBody(BodyRef moved) {
        return new Notice(id, envelope, moved, decidedAt, causedAt, entries);
    }

    @Override
    public MailId mailId() {
        return envelope.envelope().id();
    }
}
