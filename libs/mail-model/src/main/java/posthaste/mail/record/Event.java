package posthaste.mail.record;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Stream;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/**
 * Something that happened to a mail, for some of its recipients: stands in {@code mail.events}.
 *
 * @param attempt present when an attempt was made or held back
 * @param stream of the mail, where whoever wrote it knew
 */
public record Event(
        MailId mailId,
        Instant at,
        Optional<Attempt> attempt,
        List<Entry> entries,
        Optional<Stream> stream)
        implements MailRecord {

    /** What happened. */
    public enum Kind {
        /** Final: the next hop took it. */
        DELIVERED(true),
        /** To be tried again, or, without a next attempt, about to expire. */
        DEFERRED(false),
        /** Refused for good; BOUNCED follows. */
        FAILED(false),
        /** Final: the sender was told, or was not to be told. */
        BOUNCED(true),
        /** Final: given up after the queue lifetime; the sender was told, or was not to be told. */
        EXPIRED(true),
        /** A delay warning went out, or a success notification. */
        DELAY_WARNED(false),
        /** Final: an operator took it out. */
        REMOVED(true),
        /** An operator put it back into the queue. */
        REQUEUED(false),
        /** It was set aside for an operator to look at. */
        QUARANTINED(false),
        /** After the next hop had taken it a bounce came back. */
        RETURNED(false),
        /** After the next hop had taken it word came back that it is held up. */
        DELAY_REPORTED(false),
        /** After the next hop had taken it word came back that it was delivered, or relayed. */
        CONFIRMED(false),
        /** The recipient called it spam (RFC 5965). */
        COMPLAINED(false),
        /** A program answered for the recipient (RFC 3834). */
        REPLIED(false);

        private static final Set<Kind> LATER =
                EnumSet.of(RETURNED, DELAY_REPORTED, CONFIRMED, COMPLAINED, REPLIED);

        private final boolean isFinal;

        Kind(boolean isFinal) {
            this.isFinal = isFinal;
        }

        /** Whether it ends the recipient's story (DESIGN 3, invariant 2). */
        public boolean isFinal() {
            return isFinal;
        }

        /**
         * Whether a mail that came back to us told of it, after this mail had left us. It changes
         * nothing in how the recipient stands: our part ended with the delivery.
         */
        public boolean cameBack() {
            return LATER.contains(this);
        }
    }

    /**
     * Which attempt, and by whom.
     *
     * @param number counted from 1; for a job held back without an attempt, of the attempts made so
     *     far
     * @param jobId of the job
     * @param instance of ours
     */
    public record Attempt(int number, String jobId, String instance, AttemptDetails details) {}

    /**
     * One recipient.
     *
     * @param recipient the address as accepted
     * @param nextAttemptAt the promise that the audit holds us to
     * @param ambiguous the final dot was sent and no reply came
     * @param dsnId the mail that told the sender; of what came back, the mail that told us
     */
    public record Entry(
            String recipient,
            Kind kind,
            EnhancedStatusCode status,
            Optional<Reply> reply,
            String reason,
            Optional<Instant> nextAttemptAt,
            boolean ambiguous,
            Optional<MailId> dsnId) {}

    public Event {
        entries = List.copyOf(entries);
    }

    /** Of a mail whose stream is not at hand. */
    public Event(MailId mailId, Instant at, Optional<Attempt> attempt, List<Entry> entries) {
        this(mailId, at, attempt, entries, Optional.empty());
    }

    /** The same, of a mail of this stream. */
    public Event inStream(Stream known) {
        return new Event(mailId, at, attempt, entries, Optional.of(known));
    }

    /**
     * Identifies one entry, derived from its cause, so that a repeat after a crash is recognised;
     * final ones carry no attempt number (DESIGN 3, invariant 3).
     */
    public String entryId(Entry entry) {
        String cause = mailId + "/" + entry.recipient() + "/" + entry.kind();
        if (entry.kind().isFinal()) {
            return cause;
        }
        if (entry.kind() == Kind.REQUEUED) {
            return cause + "/" + at.toEpochMilli();
        }
        return cause
                + attempt.map(a -> "/" + a.number() + "/" + at.toEpochMilli()).orElse("")
                + entry.dsnId().map(dsn -> "/" + dsn).orElse("");
    }
}
