package posthaste.outbound.settlement;

import java.time.Duration;
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
 * Copies a body to {@code deferred/} before a record names it that will be due when the body is no
 * longer young: the janitor drops {@code primary/} on that promise (DESIGN 5).
 */
public final class BodyRelocation {
    /** A record may name a body in {@code primary/} that is younger than this when it is due. */
    public static final Duration BOUND = Duration.ofMinutes(30);

    private static final String PRIMARY = Generation.PRIMARY.name() + "/";

    private final BodyCopier copier;

    public BodyRelocation(BodyStore store) {
        this.copier = new BodyCopier(store);
    }

    /** Whether a record that is due then has to name a copy. */
    public static boolean isNeeded(EncodedEnvelope envelope, BodyRef body, Instant dueAt) {
        return body.key().startsWith(PRIMARY)
                && dueAt.isAfter(envelope.envelope().acceptedAt().plus(BOUND));
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
        if (!isNeeded(envelope, body, dueAt)) {
            return body;
        }
        return copier.copy(body, envelope, Generation.DEFERRED);
    }
}
