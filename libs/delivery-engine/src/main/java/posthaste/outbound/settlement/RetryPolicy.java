package posthaste.outbound.settlement;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Tier;

/**
 * When a mail is tried again, and when it is given up (RFC 5321 section 4.5.4.1). A mail that was
 * to be held counts as fresh when its time has come (RFC 4865 section 5): it is no older than that.
 *
 * @param tiers the waits between attempts, ascending; the last one repeats
 * @param lifetime of a mail, counted from its acceptance or its release
 * @param dsnLifetime of our own notifications
 * @param delayWarning age at which the sender is warned
 */
public record RetryPolicy(
        List<Tier> tiers, Duration lifetime, Duration dsnLifetime, Duration delayWarning) {
    /** Who was held back without an attempt is looked at again within this time (DESIGN 7). */
    private static final Duration HELD_BACK_LIMIT = Duration.ofHours(1);

    public RetryPolicy {
        tiers = List.copyOf(tiers);
        if (tiers.isEmpty()) {
            throw new IllegalArgumentException("without a tier nothing can be deferred");
        }
        for (int i = 1; i < tiers.size(); i++) {
            if (tiers.get(i).delay().compareTo(tiers.get(i - 1).delay()) <= 0) {
                throw new IllegalArgumentException("tiers ascend, unlike " + tiers);
            }
        }
    }

    /**
     * The tier at a position, counted from 1 as in {@link posthaste.mail.record.Job#tier}; a
     * position beyond the last, as a longer configuration of yesterday made it, is the last.
     */
    public Tier tier(int position) {
        return tiers.get(Math.clamp(position, 1, tiers.size()) - 1);
    }

    /**
     * The position after so many attempts. Counted by attempts, not from the position before: a job
     * that was held back in between has been on a tier that says nothing about it.
     */
    public int afterAttempts(int attempts) {
        return Math.clamp(attempts, 1, tiers.size());
    }

    /**
     * The position of a job that was held back without an attempt: the shortest wait that covers
     * the estimated one, never above an hour, so that only attempts climb.
     */
    public int heldBack(Duration retryAfter) {
        int position = 1;
        while (position < tiers.size()
                && tier(position).delay().compareTo(retryAfter) < 0
                && tier(position + 1).delay().compareTo(HELD_BACK_LIMIT) <= 0) {
            position++;
        }
        return position;
    }

    /**
     * The position of the longest wait that is not longer than this; of the shortest if all are.
     */
    public int within(Duration wait) {
        int position = 1;
        while (position < tiers.size() && tier(position + 1).delay().compareTo(wait) <= 0) {
            position++;
        }
        return position;
    }

    /** When a mail would be tried after so many attempts, if nothing took any time but waiting. */
    public Instant nominallyDue(Envelope envelope, int attempts) {
        Instant due = freshAt(envelope);
        for (int made = 1; made <= attempts; made++) {
            due = due.plus(tier(afterAttempts(made)).delay());
        }
        return due;
    }

    /** When a mail is given up. */
    public Instant expiry(Envelope envelope) {
        return freshAt(envelope)
                .plus(envelope.stream().equals(Stream.DSN) ? dsnLifetime : lifetime);
    }

    /** Whether the sender of a mail this old is to be warned that it is late. */
    public boolean isLate(Envelope envelope, Instant now) {
        return !now.isBefore(freshAt(envelope).plus(delayWarning));
    }

    /** When a mail's attempts could begin. */
    private static Instant freshAt(Envelope envelope) {
        Instant accepted = envelope.acceptedAt();
        return envelope.handling().firstStop() instanceof FirstStop.Hold(Instant until)
                        && until.isAfter(accepted)
                ? until
                : accepted;
    }
}
