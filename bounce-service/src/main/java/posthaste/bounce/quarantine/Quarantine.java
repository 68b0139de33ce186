package posthaste.bounce.quarantine;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.BodyStore;
import posthaste.body.CorruptBodyException;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredMessage;
import posthaste.mail.record.Job;
import posthaste.mail.record.QuarantineOrder;
import posthaste.mail.record.QuarantineOrder.Action;
import posthaste.mail.record.Topics;
import posthaste.queue.MailQueue;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.QueuedRecord;

/**
 * The quarantine as operators see it. A look reads the topic, so memory does not grow with what
 * stands there; an order is one record for each job, durable when it is told of, and carried out by
 * {@link OrderedMail} soon after, also should this process die at once.
 */
public final class Quarantine {
    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    private final MailQueue queue;
    private final BodyStore store;
    private final UndecidedMail undecided;
    private final Duration time;
    private final InstantSource clock;

    /**
     * Takes what it looks at.
     *
     * @param time how long mail stays
     */
    public Quarantine(MailQueue queue, BodyStore store, Duration time, InstantSource clock) {
        this(
                queue,
                store,
                new UndecidedMail(queue.scanner(), new Decisions(queue.scanner())),
                time,
                clock);
    }

    Quarantine(
            MailQueue queue,
            BodyStore store,
            UndecidedMail undecided,
            Duration time,
            InstantSource clock) {
        this.queue = queue;
        this.store = store;
        this.undecided = undecided;
        this.time = time;
        this.clock = clock;
    }

    /**
     * What stands there.
     *
     * @param total of all that fits
     * @param mails the newest of them
     */
    public record Listing(long total, List<Quarantined> mails) {
        public Listing {
            mails = List.copyOf(mails);
        }
    }

    /**
     * Looks.
     *
     * @param before only mails with an id before this one; empty: all
     * @param limit of what is listed
     */
    public Listing list(QuarantineFilter filter, String before, int limit)
            throws QueueUnavailableException, InterruptedException {
        PriorityQueue<Quarantined> newest =
                new PriorityQueue<>(Comparator.comparing(Quarantined::jobId));
        long[] total = {0};
        visit(
                filter.and(job -> before.isEmpty() || job.mailId().value().compareTo(before) < 0),
                record -> {
                    total[0]++;
                    newest.add(shown(record));
                    if (newest.size() > limit) {
                        newest.remove();
                    }
                });
        List<Quarantined> mails = new ArrayList<>(newest);
        mails.sort(Comparator.comparing(Quarantined::jobId).reversed());
        return new Listing(total[0], mails);
    }

    /**
     * Writes a mail's message as it would be relayed.
     *
     * @param opened called before the first byte
     * @return false when no such mail is in quarantine
     */
    public boolean write(String mailId, OutputStream out, Consumer<Quarantined> opened)
            throws QueueUnavailableException,
                    StoreUnavailableException,
                    MissingBodyException,
                    CorruptBodyException,
                    IOException,
                    InterruptedException {
        List<QueuedRecord> found = new ArrayList<>();
        visit(
                QuarantineFilter.ofMail(mailId),
                record -> {
                    if (found.isEmpty()) {
                        found.add(record);
                    }
                });
        if (found.isEmpty()) {
            return false;
        }
        Job job = job(found.getFirst());
        try (StoredMessage message =
                StoredMessage.open(store, job.body(), job.envelope().envelope())) {
            opened.accept(shown(found.getFirst()));
            message.writeTo(out);
        }
        return true;
    }

    /**
     * Orders something about all mail that fits.
     *
     * @param operator whoever orders
     * @param why in the operator's words; may be empty
     * @return jobs that it is ordered about; 0 when nothing fits, or all was decided already
     * @throws QueueUnavailableException when nothing was ordered
     * @throws OutcomeUnknownException when the broker did not say whether it took all orders, or
     *     went when it had taken some: who orders again does no harm
     */
    public long order(Action action, QuarantineFilter filter, String operator, String why)
            throws QueueUnavailableException, OutcomeUnknownException, InterruptedException {
        OrdersUnderWay orders = new OrdersUnderWay(queue.publisher());
        try {
            visit(
                    filter,
                    record ->
                            orders.add(
                                    new QuarantineOrder(
                                            job(record), action, operator, why, clock.instant())));
        } catch (QueueUnavailableException away) {
            orders.brokenOff(away);
            throw away;
        }
        long ordered = orders.end();
        if (ordered > 0) {
            LOG.warn("on the word of {}: {} {} of quarantine", operator, action, ordered);
        }
        return ordered;
    }

    /** How much stands there undecided. */
    public long size() throws QueueUnavailableException, InterruptedException {
        long[] size = {0};
        visit(QuarantineFilter.ALL, _ -> size[0]++);
        return size[0];
    }

    private void visit(Predicate<Job> wanted, Consumer<QueuedRecord> visitor)
            throws QueueUnavailableException, InterruptedException {
        Set<String> twice = new HashSet<>();
        undecided.scan(
                Topics.QUARANTINE_GROUP,
                List.of(Topics.QUARANTINE),
                record -> {
                    if (record.content() instanceof Job job
                            && wanted.test(job)
                            && twice.add(job.id())) {
                        visitor.accept(record);
                    }
                });
    }

    private Quarantined shown(QueuedRecord record) {
        return Quarantined.of(job(record), record.timestamp(), record.timestamp().plus(time));
    }

    private static Job job(QueuedRecord record) {
        return Optional.of(record.content())
                .filter(Job.class::isInstance)
                .map(Job.class::cast)
                .orElseThrow();
    }
}
