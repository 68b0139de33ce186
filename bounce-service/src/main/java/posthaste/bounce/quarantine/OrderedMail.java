package posthaste.bounce.quarantine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import posthaste.body.BodyCopier;
import posthaste.body.CorruptBodyException;
import posthaste.body.Generation;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.QuarantineOrder;
import posthaste.mail.record.Topics;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.QueuedRecord;
import posthaste.queue.Settlement;
import posthaste.service.flow.PoisonException;

/**
 * The steps that end a stay in quarantine. An order is settled by what it leads to; one that is not
 * the first about its job leads to nothing. Whoever dies in between leaves an order that is carried
 * out again, with the same ids.
 */
final class OrderedMail {
    private static final EnhancedStatusCode RELEASED = new EnhancedStatusCode(2, 0, 0);
    private static final EnhancedStatusCode REMOVED = new EnhancedStatusCode(5, 7, 1);

    /** Who orders when the time is over. */
    private static final String NOBODY = "nobody";

    private final Decisions decisions;
    private final BodyCopier bodies;
    private final Duration time;
    private final InstantSource clock;

    OrderedMail(Decisions decisions, BodyCopier bodies, Duration time, InstantSource clock) {
        this.decisions = decisions;
        this.bodies = bodies;
        this.time = time;
        this.clock = clock;
    }

    /**
     * A job's time is over: it is to be removed, unless something else was ordered before. That is
     * an order like any other, so of two that meet one counts.
     */
    Settlement expire(QueuedRecord record) throws PoisonException {
        if (!(record.content() instanceof Job job)) {
            throw new PoisonException("only jobs have a place in quarantine");
        }
        return Settlement.of(
                List.of(
                        new QuarantineOrder(
                                        job,
                                        QuarantineOrder.Action.REMOVE,
                                        NOBODY,
                                        "nobody decided within " + time.toDays() + " days",
                                        clock.instant())
                                .outgoing()));
    }

    /** Carries out an order, if it counts. */
    Settlement carryOut(QueuedRecord record)
            throws PoisonException, PartUnavailableException, InterruptedException {
        if (!(record.content() instanceof QuarantineOrder order)) {
            throw new PoisonException("only orders have a place among the orders");
        }
        try {
            if (!decisions.count(record, order)) {
                return Settlement.nothing();
            }
        } catch (QueueUnavailableException e) {
            throw new PartUnavailableException(String.valueOf(e.getMessage()), e);
        }
        return switch (order.action()) {
            case RELEASE -> release(order);
            case REMOVE ->
                    Settlement.of(
                            List.of(
                                    event(
                                            order,
                                            Event.Kind.REMOVED,
                                            REMOVED,
                                            "removed from quarantine",
                                            Optional.empty())));
        };
    }

    private Settlement release(QuarantineOrder order)
            throws PoisonException, PartUnavailableException, InterruptedException {
        Job job = order.job();
        Envelope envelope = job.envelope().envelope();
        EncodedEnvelope free =
                EncodedEnvelope.of(
                        envelope.handled(envelope.handling().stoppingAt(new FirstStop.Attempt())));
        BodyRef body;
        try {
            body = bodies.copy(job.body(), free, Generation.DEFERRED);
        } catch (MissingBodyException | CorruptBodyException e) {
            throw new PoisonException(e);
        } catch (StoreUnavailableException e) {
            throw new PartUnavailableException(String.valueOf(e.getMessage()), e);
        }
        Job released =
                new Job(
                        job.id(),
                        free,
                        body,
                        job.pending(),
                        job.attempts(),
                        0,
                        true,
                        job.delayWarned());
        return Settlement.of(
                List.of(
                        new OutgoingRecord(
                                Topics.outbound(envelope.stream()), job.domain(), released),
                        event(
                                order,
                                Event.Kind.REQUEUED,
                                RELEASED,
                                "released from quarantine",
                                Optional.of(order.at()))));
    }

    private OutgoingRecord event(
            QuarantineOrder order,
            Event.Kind kind,
            EnhancedStatusCode status,
            String what,
            Optional<Instant> next) {
        String reason =
                what
                        + " by "
                        + order.operator()
                        + (order.reason().isEmpty() ? "" : ": " + order.reason());
        List<Event.Entry> entries =
                order.job().pendingRecipients().stream()
                        .map(recipient ->
                                new Event.Entry(
                                        recipient.address().toString(),
                                        kind,
                                        status,
                                        Optional.empty(),
                                        reason,
                                        next,
                                        false,
                                        Optional.empty()))
                        .toList();
        return OutgoingRecord.of(
                new Event(order.mailId(), order.at(), Optional.empty(), entries)
                        .inStream(order.job().envelope().envelope().stream()));
    }
}
