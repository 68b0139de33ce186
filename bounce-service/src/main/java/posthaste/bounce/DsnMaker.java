package posthaste.bounce;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.BodyStore;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.CorruptBodyException;
import posthaste.body.CorruptBodyIOException;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredMessage;
import posthaste.bounce.DsnMetrics.Lack;
import posthaste.bounce.dsn.Audience;
import posthaste.bounce.dsn.Dsn;
import posthaste.bounce.dsn.DsnComposer;
import posthaste.bounce.dsn.DsnTexts;
import posthaste.bounce.dsn.Returned;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Ret;
import posthaste.mail.record.Job;
import posthaste.mail.record.Notice;
import posthaste.queue.PartUnavailableException;
import posthaste.service.flow.PoisonException;

/**
 * Composes the notification for an audience and stores it. A message that is gone or damaged is no
 * reason to leave its sender in the dark: then the notification goes without it and says so.
 */
final class DsnMaker {
    private static final Logger LOG = LoggerFactory.getLogger(DsnMaker.class);

    private final BodyStore store;
    private final DsnComposer composer;
    private final DsnOutbox outbox;
    private final Returned.Limits limits;
    private final Duration budgetWait;
    private final DsnMetrics metrics;

    DsnMaker(
            BodyStore store,
            BounceProperties properties,
            Supplier<DsnTexts> texts,
            DsnMetrics metrics) {
        this.store = store;
        this.composer = new DsnComposer(properties.reporter(), texts);
        this.outbox = new DsnOutbox(store, properties.storeDeadline());
        this.limits = properties.limits();
        this.budgetWait = properties.storeDeadline();
        this.metrics = metrics;
    }

    /**
     * Makes one notification, or none when nobody is to be told.
     *
     * @throws PartUnavailableException when the store is away or memory is short: the notice comes
     *     again
     * @throws PoisonException when a defect of ours keeps it from being composed, which would meet
     *     every repetition: an operator has to look, and the recipients count as queued until then
     */
    Answer answer(Audience audience)
            throws PoisonException, PartUnavailableException, InterruptedException {
        try {
            return audience.told().isEmpty()
                    ? new Answer.Untold(audience)
                    : new Answer.Told(audience, tell(audience));
        } catch (StoreUnavailableException | BudgetExhaustedException | IOException e) {
            throw new PartUnavailableException("a notification cannot be stored now", e);
        }
    }

    private Job tell(Audience audience)
            throws StoreUnavailableException,
                    BudgetExhaustedException,
                    PoisonException,
                    IOException,
                    InterruptedException {
        try {
            return withMessage(audience, asksForAll(audience));
        } catch (MissingBodyException e) {
            return without(audience, Lack.MISSING, e);
        } catch (CorruptBodyException | CorruptBodyIOException e) {
            return without(audience, Lack.DAMAGED, e);
        }
    }

    /**
     * RFC 3461 section 4.3: RET speaks of failures; other notifications return the header. So do
     * all of a mail with REQUIRETLS (RFC 8689 section 5).
     */
    private static boolean asksForAll(Audience audience) {
        Envelope envelope = audience.notice().envelope().envelope();
        return envelope.ret() == Ret.FULL
                && !envelope.handling().requireTls()
                && audience.told().stream()
                        .map(Notice.Entry::action)
                        .anyMatch(action ->
                                switch (action) {
                                    case FAILED, EXPIRED -> true;
                                    case DELAYED, RELAYED -> false;
                                });
    }

    private Job withMessage(Audience audience, boolean whole)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    BudgetExhaustedException,
                    PoisonException,
                    IOException,
                    InterruptedException {
        Returned returned;
        try (StoredMessage message =
                StoredMessage.open(
                        store, audience.notice().body(), audience.notice().envelope().envelope())) {
            returned = Returned.from(message, whole, limits);
            if (returned instanceof Returned.Whole) {
                // Holds memory already, so it must not wait for more.
                return outbox.post(compose(audience, returned), Duration.ZERO);
            }
        } catch (BudgetExhaustedException e) {
            metrics.returnedLess(Lack.MEMORY);
            return withMessage(audience, false);
        }
        return outbox.post(compose(audience, returned), budgetWait);
    }

    private Job without(Audience audience, Lack lack, Exception cause)
            throws StoreUnavailableException,
                    BudgetExhaustedException,
                    PoisonException,
                    IOException,
                    InterruptedException {
        LOG.error(
                "notice {}: the sender is told without the message: {}",
                audience.notice().id(),
                cause.getMessage());
        metrics.returnedLess(lack);
        return outbox.post(compose(audience, new Returned.Nothing(lack.sentence())), budgetWait);
    }

    /** What fails with the message's own octets is tried without them. */
    private Dsn compose(Audience audience, Returned returned) throws PoisonException {
        try {
            return composer.compose(audience.notice(), audience.told(), returned);
        } catch (RuntimeException e) {
            LOG.error("a notification for notice {} fails", audience.notice().id(), e);
            if (returned instanceof Returned.Nothing) {
                throw new PoisonException("no notification can be composed: " + e);
            }
            metrics.returnedLess(Lack.UNFIT);
            return compose(audience, new Returned.Nothing(Lack.UNFIT.sentence()));
        }
    }
}
