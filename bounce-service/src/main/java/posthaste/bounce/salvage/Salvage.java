package posthaste.bounce.salvage;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.BodyCopier;
import posthaste.body.CorruptBodyException;
import posthaste.body.Generation;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.bounce.audit.Audit;
import posthaste.bounce.audit.NotUnaccountedException;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.LogSearch;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.deliverylog.MailLock;
import posthaste.bounce.deliverylog.MailStory;
import posthaste.bounce.deliverylog.OpenRecipient;
import posthaste.mail.envelope.MailId;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.OutgoingRecord;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.Publisher;
import posthaste.queue.QueueUnavailableException;

/**
 * Carries out an operator's order about a mail that is unaccounted.
 *
 * <p>The audit judges the mail once more first, and no two orders about a mail are carried out at
 * once: who orders twice, or about a mail that has turned up, would duplicate it and is refused.
 * All records of an order are published together; the event among them names the operator. Dies the
 * process in between, the mail is still unaccounted, or it stands in a queue.
 */
public final class Salvage {
    private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Audit audit;
    private final LogAccounts accounts;
    private final LogSearch log;
    private final StoredMessages messages;
    private final BodyCopier copier;
    private final Reconstruction reconstruction;
    private final Publisher publisher;
    private final InstantSource clock;
    private final MeterRegistry meters;

    Salvage(
            Audit audit,
            LogAccounts accounts,
            LogSearch log,
            StoredMessages messages,
            BodyCopier copier,
            Reconstruction reconstruction,
            Publisher publisher,
            InstantSource clock,
            MeterRegistry meters) {
        this.audit = audit;
        this.accounts = accounts;
        this.log = log;
        this.messages = messages;
        this.copier = copier;
        this.reconstruction = reconstruction;
        this.publisher = publisher;
        this.clock = clock;
        this.meters = meters;
    }

    /**
     * Carries out.
     *
     * @param operator as the event will name whoever orders
     * @return empty when the log has no such mail
     * @throws NotUnaccountedException when the mail is not unaccounted, or cannot be judged
     * @throws MessageGoneException when there is nothing left to put back, or to bounce
     * @throws OutcomeUnknownException when the broker did not say whether it took the records: the
     *     audit will tell
     */
    public Optional<CarriedOut> carryOut(Order order, MailId id, String operator)
            throws NotUnaccountedException,
                    MessageGoneException,
                    LogUnavailableException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    StoreUnavailableException,
                    InterruptedException {
        Optional<MailStory> story = log.story(id);
        if (story.isEmpty()) {
            return Optional.empty();
        }
        try (MailLock _ = accounts.lock(id).orElseThrow(Salvage::isUnderWay)) {
            List<String> lost = audit.unaccounted(id).stream().map(OpenRecipient::address).toList();
            Instant now = clock.instant();
            LostMail mail = new LostMail(id, story.get(), lost, now);
            CarriedOut done =
                    switch (order) {
                        case REQUEUE -> requeue(mail, id, operator, find(id, lost));
                        case BOUNCE ->
                                bounce(mail, id, operator, story.get(), lost, find(id, lost));
                        case REMOVE -> remove(mail, id, operator, lost);
                    };
            LOG.warn("on the word of {}: {} {} {}", operator, order, id, done.recipients());
            meters.counter("posthaste.audit.orders", "order", order.name().toLowerCase(Locale.ROOT))
                    .increment();
            return Optional.of(done);
        }
    }

    private CarriedOut requeue(LostMail mail, MailId id, String operator, List<Piece> pieces)
            throws MessageGoneException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        List<Job> jobs = mail.jobs(pieces);
        if (jobs.isEmpty()) {
            throw new MessageGoneException(
                    "The message is not in the body store any more: it can be bounced or removed,"
                            + " not put back.");
        }
        Set<String> found = LostMail.addresses(jobs);
        List<OutgoingRecord> records = new ArrayList<>();
        jobs.forEach(job -> records.add(mail.queued(job)));
        records.add(
                mail.event(
                        Event.Kind.REQUEUED,
                        found,
                        "It was unaccounted; " + operator + " put it back into the queue."));
        publisher.publish(records, PATIENCE);
        return new CarriedOut(id.value(), Order.REQUEUE, operator, List.copyOf(found));
    }

    private CarriedOut bounce(
            LostMail mail,
            MailId id,
            String operator,
            MailStory story,
            List<String> lost,
            List<Piece> found)
            throws MessageGoneException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    StoreUnavailableException,
                    InterruptedException {
        List<Piece> pieces = new ArrayList<>(found);
        List<String> rest = new ArrayList<>(lost);
        found.forEach(piece -> rest.removeAll(piece.addresses()));
        if (!rest.isEmpty()) {
            pieces.add(reconstruction.of(id, story.mail(), rest));
        }
        List<Job> jobs = mail.jobs(pieces);
        List<OutgoingRecord> records = new ArrayList<>();
        mail.notices(jobs).forEach(notice -> records.add(mail.told(notice)));
        Set<String> about = LostMail.addresses(jobs);
        records.add(
                mail.event(
                        Event.Kind.FAILED,
                        about,
                        "It was unaccounted; " + operator + " gave it up."));
        publisher.publish(records, PATIENCE);
        return new CarriedOut(id.value(), Order.BOUNCE, operator, List.copyOf(about));
    }

    private CarriedOut remove(LostMail mail, MailId id, String operator, List<String> lost)
            throws QueueUnavailableException, OutcomeUnknownException, InterruptedException {
        publisher.publish(
                List.of(
                        mail.event(
                                Event.Kind.REMOVED,
                                Set.copyOf(lost),
                                "It was unaccounted; " + operator + " removed it.")),
                PATIENCE);
        return new CarriedOut(id.value(), Order.REMOVE, operator, lost);
    }

    /** Copies, which no janitor takes for garbage: nothing that it knows of names the originals. */
    private List<Piece> find(MailId id, List<String> lost)
            throws StoreUnavailableException, InterruptedException {
        List<Piece> pieces = new ArrayList<>();
        for (Piece piece : messages.find(id, lost)) {
            try {
                pieces.add(
                        piece.at(copier.copy(piece.body(), piece.envelope(), Generation.DEFERRED)));
            } catch (MissingBodyException | CorruptBodyException e) {
                LOG.warn("the message of {} went while it was to be saved", id, e);
            }
        }
        return pieces;
    }

    private static NotUnaccountedException isUnderWay() {
        return new NotUnaccountedException(
                "Another order about this mail is being carried out just now.");
    }
}
