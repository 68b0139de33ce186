package posthaste.standalone.recovery;

import java.util.List;

/**
 * What was, or would be, rebuilt. Counted in recipients, but for the first five.
 *
 * @param objects read, segments and large bodies
 * @param entries found in them
 * @param damagedEntries of those, whose body is not what was stored
 * @param damagedBytes that are no entry; what a crash tore off a segment's end is among them
 * @param records written to the queue
 * @param resent open in the log: queued again
 * @param unknown not in the log: queued again, and perhaps delivered before; mails whose clients
 *     got a 451 are among them
 * @param settled skipped, since the log has their end
 * @param queued skipped, since they stand in a queue
 * @param lost without an end, and without an intact body
 * @param lostIds some of those
 */
public record RecoveryReport(
        boolean dryRun,
        long objects,
        long entries,
        long damagedEntries,
        long damagedBytes,
        long records,
        long resent,
        long unknown,
        long settled,
        long queued,
        long lost,
        List<Lost> lostIds) {

    /** A recipient whose mail is gone. */
    public record Lost(String id, String recipient) {}

    public RecoveryReport {
        lostIds = List.copyOf(lostIds);
    }
}
