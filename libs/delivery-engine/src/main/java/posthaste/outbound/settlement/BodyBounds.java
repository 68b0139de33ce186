package posthaste.outbound.settlement;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import posthaste.body.Generation;
import posthaste.body.segment.BodyKey;
import posthaste.mail.record.BodyRef;

/**
 * How old a body may be when a record that names it is due, by its generation: what writers promise
 * and the janitor relies on (DESIGN 5). All processes of an installation have the same ones.
 *
 * @param primary for {@code primary/}, counted from the mail's acceptance
 * @param deferred for {@code deferred/}, counted from the copy's slot: a mail that is held back for
 *     longer, as no lifetime ends it without an attempt, has its body copied anew
 * @param quarantine for {@code quarantine/}, counted from the copy's slot: an order about what
 *     stands there names the body as well, at the latest when its time there is over
 */
public record BodyBounds(Duration primary, Duration deferred, Duration quarantine) {
    /** Half an hour, and a day. */
    public static final BodyBounds DEFAULT =
            new BodyBounds(Duration.ofMinutes(30), Duration.ofDays(1));

    /** With the usual time in quarantine. */
    public BodyBounds(Duration primary, Duration deferred) {
        this(primary, deferred, Duration.ofDays(31));
    }

    private static final String PRIMARY = Generation.PRIMARY.name() + "/";
    private static final String DEFERRED = Generation.DEFERRED.name() + "/";

    public BodyBounds {
        if (!primary.isPositive() || !deferred.isPositive() || !quarantine.isPositive()) {
            throw new IllegalArgumentException(
                    "bounds are above zero, unlike "
                            + primary
                            + ", "
                            + deferred
                            + " and "
                            + quarantine);
        }
    }

    /** Whether a record that is due then may name this body of a mail accepted then. */
    public boolean allow(BodyRef body, Instant acceptedAt, Instant dueAt) {
        if (body.key().startsWith(PRIMARY)) {
            return !dueAt.isAfter(acceptedAt.plus(primary));
        }
        if (body.key().startsWith(DEFERRED)) {
            return !dueAt.isAfter(storedAt(body).plus(deferred));
        }
        // The others belong to other topics than those that mail is on its way on.
        return false;
    }

    /**
     * For how long before a record is due a body that it names may have been stored; empty for a
     * generation that nobody has promised anything of.
     */
    public Optional<Duration> of(Generation generation) {
        if (generation.equals(Generation.PRIMARY)) {
            return Optional.of(primary);
        }
        if (generation.equals(Generation.DEFERRED)) {
            return Optional.of(deferred);
        }
        if (generation.equals(Generation.QUARANTINE)) {
            return Optional.of(quarantine);
        }
        if (generation.equals(Generation.DEAD_LETTER)) {
            // Its record is written as soon as the copy is made, unless the broker is away.
            return Optional.of(deferred);
        }
        return Optional.empty();
    }

    /** By the writer's clock, and never too late: the slot begins before the body is stored. */
    private static Instant storedAt(BodyRef body) {
        try {
            return BodyKey.parse(body.key()).slot().start();
        } catch (IllegalArgumentException _) {
            // Of another kind of store: who reads it has more to say.
            return Instant.EPOCH;
        }
    }
}
