package posthaste.outbound.settlement;

import java.time.Instant;
import posthaste.body.BodyCopier;
import posthaste.body.BodyStore;
import posthaste.body.CorruptBodyException;
import posthaste.body.Generation;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;

/**
 * Copies a body to {@code deferred/} before a record names it that will be due when the body is
 * older than its generation's bound: the janitor removes bodies on that promise (DESIGN 5). So
 * whoever writes a record that names a body asks here first.
 */
public final class BodyRelocation {
    private final BodyCopier copier;
    private final BodyBounds bounds;

    /** With the bounds of an installation that did not change them. */
    public BodyRelocation(BodyStore store) {
        this(store, BodyBounds.DEFAULT);
    }

    public BodyRelocation(BodyStore store, BodyBounds bounds) {
        this.copier = new BodyCopier(store);
        this.bounds = bounds;
    }

    /**
     * The body as a record that is due then may name it: itself, or a copy that is durable.
     *
     * @throws MissingBodyException poison
     * @throws CorruptBodyException poison
     * @throws StoreUnavailableException our store is away, or has no memory to spare: nothing is to
     *     be counted against the mail
     */
    public BodyRef bodyFor(EncodedEnvelope envelope, BodyRef body, Instant dueAt)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        if (bounds.allow(body, envelope.envelope().acceptedAt(), dueAt)) {
            return body;
        }
        return copier.copy(body, envelope, Generation.DEFERRED);
    }

    /** A copy in another generation; fails as above. */
    public BodyRef copyTo(Generation generation, EncodedEnvelope envelope, BodyRef body)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        return copier.copy(body, envelope, generation);
    }
}
