package posthaste.standalone.recovery;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import posthaste.body.BodyCopier;
import posthaste.body.CorruptBodyException;
import posthaste.body.Generation;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Job;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Split;
import posthaste.mail.record.Topics;
import posthaste.outbound.settlement.BodyBounds;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.Publisher;
import posthaste.queue.QueueUnavailableException;

/**
 * Queues mails as if they were just accepted; so the log reads their acceptance again, too.
 *
 * <p>The janitor drops bodies by age, on the promise that no record names an old one (DESIGN 5). So
 * a body that is out of its bounds is copied to {@code deferred/} first, as before any deferral.
 */
public final class Requeuing {
    /** Copies wait for the disk together, and share its syncs. */
    private static final int AT_ONCE = 64;

    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private final BodyCopier copier;
    private final Publisher publisher;
    private final BodyBounds bounds;
    private final InstantSource clock;

    /**
     * Takes where to write.
     *
     * @param bounds that the services keep, and the janitor relies on
     */
    public Requeuing(
            BodyCopier copier, Publisher publisher, BodyBounds bounds, InstantSource clock) {
        this.copier = copier;
        this.publisher = publisher;
        this.bounds = bounds;
        this.clock = clock;
    }

    /**
     * Queues mails; they are durable when this returns.
     *
     * @return those whose bodies turned out unreadable
     */
    List<MailClues.Part> requeue(List<MailClues.Part> parts)
            throws InterruptedException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    StoreUnavailableException {
        List<MailClues.Part> unreadable = new ArrayList<>();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<Boolean>> done =
                    threads.invokeAll(
                            parts.stream()
                                    .map(part -> (Callable<Boolean>) () -> requeue(part))
                                    .toList());
            for (int i = 0; i < parts.size(); i++) {
                if (!done.get(i).get()) {
                    unreadable.add(parts.get(i));
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case QueueUnavailableException cause -> throw cause;
                case OutcomeUnknownException cause -> throw cause;
                case StoreUnavailableException cause -> throw cause;
                case InterruptedException cause -> throw cause;
                case null, default -> throw new IllegalStateException(e);
            }
        }
        return unreadable;
    }

    private boolean requeue(MailClues.Part part)
            throws InterruptedException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    StoreUnavailableException {
        Envelope envelope = part.envelope().envelope();
        BodyRef body;
        try {
            body =
                    mayBeNamed(part)
                            ? part.body()
                            : copier.copy(part.body(), part.envelope(), Generation.DEFERRED);
        } catch (MissingBodyException | CorruptBodyException _) {
            return false;
        }
        String topic = Topics.accepting(envelope.stream());
        OutgoingRecord record;
        if (!topic.equals(Topics.INBOUND) && Split.isNeededFor(envelope)) {
            record =
                    new OutgoingRecord(
                            topic, envelope.id().value(), new Split(part.envelope(), body));
        } else {
            Job job = Job.first(part.envelope(), body, 0, false);
            record = new OutgoingRecord(topic, job.domain(), job);
        }
        publisher.publish(List.of(record), DEADLINE);
        return true;
    }

    private boolean mayBeNamed(MailClues.Part part) {
        return bounds.allow(part.body(), part.envelope().envelope().acceptedAt(), clock.instant());
    }
}
