package posthaste.service.storage;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.BodyCopier;
import posthaste.body.BodyStore;
import posthaste.body.CorruptBodyException;
import posthaste.body.Generation;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.NamedBody;
import posthaste.queue.DeadLetterBodies;
import posthaste.queue.PartUnavailableException;

/**
 * Dead letters' bodies in the body store: copied to {@code dead-letter/} when a record goes there,
 * and to {@code deferred/} when it is put back, or could not be written for long.
 */
public final class StoredDeadLetterBodies implements DeadLetterBodies {
    private static final Logger LOG = LoggerFactory.getLogger(StoredDeadLetterBodies.class);

    private final BodyCopier copier;
    private final Duration renewal;

    /**
     * Copies within a store.
     *
     * @param primaryBound how old a fresh body may be when the record that names it is due
     */
    public StoredDeadLetterBodies(BodyStore store, Duration primaryBound) {
        this.copier = new BodyCopier(store);
        this.renewal = primaryBound.dividedBy(3);
    }

    @Override
    public Duration renewal() {
        return renewal;
    }

    @Override
    public Kept keep(MailRecord poison) throws PartUnavailableException, InterruptedException {
        Optional<NamedBody> named = NamedBody.of(poison);
        if (named.isEmpty()) {
            return Kept.nothing();
        }
        try {
            return new Kept(Optional.of(copy(named.get(), Generation.DEAD_LETTER)), "");
        } catch (MissingBodyException | CorruptBodyException e) {
            return new Kept(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<MailRecord> release(MailRecord deadLetter)
            throws PartUnavailableException, InterruptedException {
        Optional<NamedBody> named = NamedBody.of(deadLetter);
        if (named.isEmpty()) {
            return Optional.of(deadLetter);
        }
        try {
            return Optional.of(NamedBody.moved(deadLetter, copy(named.get(), Generation.DEFERRED)));
        } catch (MissingBodyException | CorruptBodyException e) {
            LOG.warn("mail {} cannot be put back: {}", deadLetter.mailId(), e.getMessage());
            return Optional.empty();
        }
    }

    private BodyRef copy(NamedBody named, Generation to)
            throws MissingBodyException,
                    CorruptBodyException,
                    PartUnavailableException,
                    InterruptedException {
        try {
            return copier.copy(named.body(), named.envelope(), to);
        } catch (StoreUnavailableException e) {
            throw new PartUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }
}
