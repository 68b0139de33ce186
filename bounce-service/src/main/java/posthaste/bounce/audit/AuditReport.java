package posthaste.bounce.audit;

import java.time.Instant;
import java.util.List;

/**
 * What the audit found, counted per recipient. {@code accepted = delivered + bounced + expired +
 * removed + queued + settling + unaccounted}, in all and of each hour of acceptance.
 *
 * @param accepted as the acceptances in the log say
 * @param queued without an outcome in the log, and seen in a queue
 * @param unaccounted without an outcome in the log, in no queue twice in a row, and its promised
 *     next event overdue
 * @param settling without an outcome in the log and not seen in a queue, but its next event is not
 *     overdue yet, or the log is behind: on its way from one to the other
 * @param duplicates ends beyond those that count, after a crash has forked a job
 * @param late of those queued, who waits longer than promised
 * @param deadLettered of those queued, who stands among the dead letters alone
 * @param unaccepted of whom events tell without an acceptance: counted nowhere else; at most
 *     {@value Audit#UNACCEPTED_LIMIT}
 * @param behind records that the log had still to read when it was judged; above 0 nothing is
 *     judged unaccounted, late or unaccepted
 * @param judged whether these were judged
 * @param since the first hour of acceptance that is counted
 * @param asOf when the queues were looked through
 * @param tookMillis how long it took
 * @param unaccountedIds some of those recipients' mails
 * @param unacceptedIds some of those recipients' mails; promised for when they were last heard of
 * @param hours newest first: those of the last two days, and of the older ones those in which
 *     somebody is open
 */
public record AuditReport(
        long accepted,
        long delivered,
        long bounced,
        long expired,
        long removed,
        long queued,
        long unaccounted,
        long settling,
        long duplicates,
        Late late,
        long deadLettered,
        long unaccepted,
        long behind,
        boolean judged,
        Instant since,
        Instant asOf,
        long tookMillis,
        List<Unaccounted> unaccountedIds,
        List<Unaccounted> unacceptedIds,
        List<Hour> hours) {

    /** A recipient of whom nobody knows. */
    public record Unaccounted(String id, String recipient, Instant promisedAt) {}

    /**
     * Who stands in a queue, but past the promised next event: the fleet that owes it does not get
     * on.
     *
     * @param total all of them
     * @param firstAttempt owed by delivery-service
     * @param nextAttempt owed by fallback-service
     * @param bounce owed by bounce-service
     * @param ids some of them
     */
    public record Late(
            long total, long firstAttempt, long nextAttempt, long bounce, List<Waiting> ids) {
        public Late {
            ids = List.copyOf(ids);
        }
    }

    /**
     * A recipient who waits too long.
     *
     * @param awaits {@code first_attempt}, {@code next_attempt} or {@code bounce}
     */
    public record Waiting(String id, String recipient, Instant promisedAt, String awaits) {}

    /**
     * Those accepted within one hour; the counts are as above.
     *
     * @param from its beginning
     */
    public record Hour(
            Instant from,
            long accepted,
            long delivered,
            long bounced,
            long expired,
            long removed,
            long queued,
            long settling,
            long unaccounted,
            long late) {}

    public AuditReport {
        unaccountedIds = List.copyOf(unaccountedIds);
        unacceptedIds = List.copyOf(unacceptedIds);
        hours = List.copyOf(hours);
    }
}
