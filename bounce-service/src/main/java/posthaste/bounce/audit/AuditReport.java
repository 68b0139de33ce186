package posthaste.bounce.audit;

import java.time.Instant;
import java.util.List;

/**
 * What the audit found, counted per recipient. {@code accepted = delivered + bounced + expired +
 * removed + queued + settling + unaccounted}.
 *
 * @param accepted as the acceptances in the log say
 * @param queued without an outcome in the log, and seen in a queue
 * @param unaccounted without an outcome in the log, in no queue twice in a row, and its promised
 *     next event overdue
 * @param settling without an outcome in the log and not seen in a queue, but its next event is not
 *     overdue yet, or the log is behind: on its way from one to the other
 * @param duplicates ends beyond those that count, after a crash has forked a job
 * @param behind records that the log had still to read when it was judged; above 0 nothing is
 *     judged unaccounted
 * @param judged whether {@code unaccounted} was judged
 * @param since the first day of acceptance that is counted
 * @param asOf when the queues were looked through
 * @param tookMillis how long it took
 * @param unaccountedIds some of those recipients' mails
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
        long behind,
        boolean judged,
        Instant since,
        Instant asOf,
        long tookMillis,
        List<Unaccounted> unaccountedIds) {

    /** A recipient of whom nobody knows. */
    public record Unaccounted(String id, String recipient, Instant promisedAt) {}

    public AuditReport {
        unaccountedIds = List.copyOf(unaccountedIds);
    }
}
