package posthaste.bounce.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import posthaste.bounce.audit.AuditReport.Unaccounted;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.LogAccounts.Totals;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueUnavailableException;

/**
 * Compares the log with the queues.
 *
 * <p>First the queues are looked through, then the log: who is open in the log and was seen in a
 * queue is queued. Who was not seen and whose next event is overdue becomes a suspect, once the log
 * has read all that stood in its topics after the look. A mail that moved during the look left an
 * event, which clears it now; but for a split that became jobs, or a dead letter that was put back:
 * so the queues are looked through once more, and only who is missing there too, and still open and
 * overdue in a log that has caught up once more, is unaccounted.
 */
public final class Audit {
    private static final Duration POLL = Duration.ofMillis(50);

    private final LogAccounts log;
    private final QueueScanner scanner;
    private final QueueTopics topics;
    private final QueuedRecipients queues;
    private final InstantSource clock;
    private final AuditProperties properties;

    public Audit(
            LogAccounts log,
            QueueScanner scanner,
            QueueTopics topics,
            InstantSource clock,
            AuditProperties properties) {
        this.log = log;
        this.scanner = scanner;
        this.topics = topics;
        this.queues = new QueuedRecipients(scanner, topics);
        this.clock = clock;
        this.properties = properties;
    }

    /** Looks through everything once. */
    public AuditReport run()
            throws LogUnavailableException, QueueUnavailableException, InterruptedException {
        long begun = System.nanoTime();
        Instant asOf = clock.instant();
        Pass pass = new Pass(asOf.minus(properties.grace()));
        Totals totals = pass.compare();
        return new AuditReport(
                totals.accepted(),
                totals.delivered(),
                totals.bounced(),
                totals.expired(),
                totals.removed(),
                pass.queued,
                pass.unaccounted,
                Math.max(0, totals.open() - pass.queued - pass.unaccounted),
                totals.duplicates(),
                pass.behind,
                pass.judged,
                totals.since(),
                asOf,
                Duration.ofNanos(System.nanoTime() - begun).toMillis(),
                pass.examples);
    }

    /** How many records the log has still to read, after it was given a little time. */
    private long behind()
            throws LogUnavailableException, QueueUnavailableException, InterruptedException {
        Map<String, List<Long>> ends = new HashMap<>();
        for (String topic : topics.logged()) {
            ends.put(topic, scanner.ends(topic));
        }
        long begun = System.nanoTime();
        long behind = log.behind(ends);
        while (behind > 0 && System.nanoTime() - begun < properties.patience().toNanos()) {
            Thread.sleep(POLL);
            behind = log.behind(ends);
        }
        return behind;
    }

    /** One audit's working state. */
    private final class Pass {
        private final Instant overdue;
        private final List<Unaccounted> examples = new ArrayList<>();
        private long queued;
        private long unaccounted;
        private long behind;
        private boolean judged = true;

        /**
         * Begins.
         *
         * @param overdue what was promised for then or before is overdue
         */
        Pass(Instant overdue) {
            this.overdue = overdue;
        }

        /** Slice by slice, so that memory stays bounded however much is queued. */
        Totals compare()
                throws LogUnavailableException, QueueUnavailableException, InterruptedException {
            RecipientSet seen = look(1, 0);
            int slices = seen.slices();
            Totals totals = compare(seen);
            for (int slice = 1; slice < slices; slice++) {
                totals = compare(look(slices, slice));
            }
            return totals;
        }

        private Totals compare(RecipientSet seen)
                throws LogUnavailableException, QueueUnavailableException, InterruptedException {
            boolean caughtUp = catchUp();
            RecipientSet suspects = new RecipientSet(properties.recipientsInMemory(), 1, 0);
            Totals totals =
                    log.read((mailId, address, promisedAt) -> {
                        long hash = RecipientSet.hash(mailId, address);
                        if (!seen.covers(hash)) {
                            return;
                        }
                        if (seen.contains(hash)) {
                            queued++;
                        } else if (!promisedAt.isAfter(overdue)) {
                            suspects.add(hash);
                        }
                    });
            if (suspects.size() > 0 && caughtUp) {
                judge(suspects);
            }
            return totals;
        }

        private void judge(RecipientSet suspects)
                throws LogUnavailableException, QueueUnavailableException, InterruptedException {
            RecipientSet found = new RecipientSet(properties.recipientsInMemory(), 1, 0);
            queues.visit(hash -> {
                if (suspects.contains(hash)) {
                    found.add(hash);
                }
            });
            queued += found.size();
            if (!catchUp()) {
                return;
            }
            log.readOverdue(
                    overdue,
                    (mailId, address, promisedAt) -> {
                        long hash = RecipientSet.hash(mailId, address);
                        if (suspects.contains(hash) && !found.contains(hash)) {
                            unaccounted++;
                            if (examples.size() < properties.examples()) {
                                examples.add(new Unaccounted(mailId, address, promisedAt));
                            }
                        }
                    });
        }

        private boolean catchUp()
                throws LogUnavailableException, QueueUnavailableException, InterruptedException {
            long records = behind();
            behind = Math.max(behind, records);
            judged &= records == 0;
            return records == 0;
        }

        private RecipientSet look(int slices, int slice)
                throws QueueUnavailableException, InterruptedException {
            RecipientSet seen = new RecipientSet(properties.recipientsInMemory(), slices, slice);
            queues.visit(seen::add);
            return seen;
        }
    }
}
