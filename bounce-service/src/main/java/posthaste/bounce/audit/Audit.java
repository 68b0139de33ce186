package posthaste.bounce.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import posthaste.bounce.audit.AuditReport.Unaccounted;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.LogAccounts.Totals;
import posthaste.bounce.deliverylog.LogAccounts.Unaccepted;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.deliverylog.OpenRecipient;
import posthaste.bounce.deliverylog.Outcomes;
import posthaste.mail.envelope.MailId;
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
 * overdue in a log that has caught up once more, is unaccounted. Who stands in a queue, but far
 * past the promised event, is late: nothing is lost, but a fleet does not get on.
 */
public final class Audit {
    /** Recipients without an acceptance are counted up to here. */
    static final int UNACCEPTED_LIMIT = 100_000;

    /** Who moves during one look is found in the next. */
    private static final int LOOKS = 2;

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
        Pass pass = new Pass(asOf);
        Totals totals = pass.compare();
        List<Unaccepted> unaccepted =
                pass.judged
                        ? log.unaccepted(asOf.minus(properties.grace()), UNACCEPTED_LIMIT)
                        : List.of();
        Outcomes all = totals.all();
        Findings found = pass.findings;
        return new AuditReport(
                all.accepted(),
                all.delivered(),
                all.bounced(),
                all.expired(),
                all.removed(),
                found.queued(),
                found.unaccounted(),
                found.settling(totals),
                all.duplicates(),
                found.late(),
                found.countDeadLettered(),
                unaccepted.size(),
                pass.behind,
                pass.judged,
                totals.since(),
                asOf,
                Duration.ofNanos(System.nanoTime() - begun).toMillis(),
                found.unaccountedIds(),
                unaccepted.stream()
                        .limit(properties.examples())
                        .map(one -> new Unaccounted(one.mailId(), one.address(), one.toldAt()))
                        .toList(),
                found.hours(totals, asOf));
    }

    /**
     * Judges one mail, just as {@link #run} does with all of them, at this moment.
     *
     * @return who of it is unaccounted, never nobody
     * @throws NotUnaccountedException when nobody is, or nobody can be judged
     */
    public List<OpenRecipient> unaccounted(MailId id)
            throws NotUnaccountedException,
                    LogUnavailableException,
                    QueueUnavailableException,
                    InterruptedException {
        Instant overdue = clock.instant().minus(properties.grace());
        Map<Long, OpenRecipient> suspects = overdue(id, overdue);
        for (int look = 0; look < LOOKS && !suspects.isEmpty(); look++) {
            Map<Long, OpenRecipient> missing = new HashMap<>(suspects);
            queues.visit((hash, _) -> missing.remove(hash));
            suspects = overdue(id, overdue);
            suspects.keySet().retainAll(missing.keySet());
        }
        if (suspects.isEmpty()) {
            throw new NotUnaccountedException(
                    "Nobody of this mail is unaccounted: each recipient has an outcome, stands in a"
                            + " queue, or has a next event that is not overdue yet.");
        }
        return List.copyOf(suspects.values());
    }

    /** By hash, of a log that has caught up. */
    private Map<Long, OpenRecipient> overdue(MailId id, Instant until)
            throws NotUnaccountedException,
                    LogUnavailableException,
                    QueueUnavailableException,
                    InterruptedException {
        long behind = behind();
        if (behind > 0) {
            throw new NotUnaccountedException(
                    "The delivery log has still %d records to read; until then nobody can be judged."
                            .formatted(behind));
        }
        Map<Long, OpenRecipient> overdue = new HashMap<>();
        for (OpenRecipient one : log.overdue(id, until)) {
            overdue.put(RecipientSet.hash(one.mailId(), one.address()), one);
        }
        return overdue;
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
        private final Instant late;
        private final Findings findings = new Findings(properties.examples());
        private long behind;
        private boolean judged = true;

        /** What was promised for a time so long before {@code asOf} is overdue, or late. */
        Pass(Instant asOf) {
            this.overdue = asOf.minus(properties.grace());
            this.late = asOf.minus(properties.lateAfter());
        }

        /** Slice by slice, so that memory stays bounded however much is queued. */
        Totals compare()
                throws LogUnavailableException, QueueUnavailableException, InterruptedException {
            Look first = new Look(1, 0);
            int slices = first.seen.slices();
            Totals totals = compare(first);
            for (int slice = 1; slice < slices; slice++) {
                totals = compare(new Look(slices, slice));
            }
            return totals;
        }

        private Totals compare(Look look)
                throws LogUnavailableException, QueueUnavailableException, InterruptedException {
            boolean caughtUp = catchUp();
            RecipientSet suspects = new RecipientSet(properties.recipientsInMemory(), 1, 0);
            Totals totals =
                    log.read(one -> {
                        long hash = RecipientSet.hash(one.mailId(), one.address());
                        if (!look.seen.covers(hash)) {
                            return;
                        }
                        if (look.seen.contains(hash)) {
                            findings.queued(one);
                            if (look.dead.contains(hash)) {
                                findings.deadLettered();
                            } else if (caughtUp && !one.promisedAt().isAfter(late)) {
                                findings.late(one);
                            }
                        } else if (!one.promisedAt().isAfter(overdue)) {
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
            queues.visit((hash, _) -> {
                if (suspects.contains(hash)) {
                    found.add(hash);
                }
            });
            boolean caughtUp = catchUp();
            log.readOverdue(
                    overdue,
                    one -> {
                        long hash = RecipientSet.hash(one.mailId(), one.address());
                        if (found.contains(hash)) {
                            findings.queued(one);
                        } else if (caughtUp && suspects.contains(hash)) {
                            findings.unaccounted(one);
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
    }

    /** Who stood in the queues, of one slice. */
    private final class Look {
        private final RecipientSet seen;

        /** Of them, who stands among the dead letters alone. */
        private final RecipientSet dead = new RecipientSet(properties.recipientsInMemory(), 1, 0);

        Look(int slices, int slice) throws QueueUnavailableException, InterruptedException {
            seen = new RecipientSet(properties.recipientsInMemory(), slices, slice);
            queues.visit((hash, isDead) -> {
                // Dead letters are visited last.
                if (isDead && seen.covers(hash) && !seen.contains(hash)) {
                    dead.add(hash);
                }
                seen.add(hash);
            });
        }
    }
}
