package posthaste.mail.record;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;

/**
 * A mail's recipients at one destination domain: what stands in outbound and deferred topics.
 *
 * @param id {@code <mail id>.<n>}, the same when a crash makes the job twice
 * @param envelope with just this job's recipients, at most {@value #RECIPIENT_LIMIT}
 * @param pending indexes into the envelope's recipients: who has no outcome yet; ascending, never
 *     empty
 * @param attempts made so far
 * @param tier position in the delay tiers counted from 1; 0 on an outbound topic
 * @param derived made from a split or a deferral, so that its acceptance is recorded elsewhere
 * @param delayWarned whether a delay warning has gone out
 */
public record Job(
        String id,
        EncodedEnvelope envelope,
        BodyRef body,
        List<Integer> pending,
        int attempts,
        int tier,
        boolean derived,
        boolean delayWarned)
        implements MailRecord {
    /** More recipients at one domain become several jobs (DESIGN 6). */
    public static final int RECIPIENT_LIMIT = 100;

    public Job {
        pending = List.copyOf(pending);
        int recipients = envelope.envelope().recipients().size();
        if (pending.isEmpty() || pending.stream().anyMatch(i -> i < 0 || i >= recipients)) {
            throw new IllegalArgumentException(
                    "pending " + pending + " does not fit " + recipients + " recipients");
        }
        if (attempts < 0 || tier < 0) {
            throw new IllegalArgumentException("attempts and tier count from 0");
        }
    }

    /**
     * A job at its first attempt, with all of its recipients pending.
     *
     * @param ordinal of the job within its mail
     * @param derived false only when this very record accepts the mail
     */
    public static Job first(Envelope envelope, BodyRef body, int ordinal, boolean derived) {
        return first(EncodedEnvelope.of(envelope), body, ordinal, derived);
    }

    /** As above, for an envelope that is encoded already. */
    public static Job first(EncodedEnvelope encoded, BodyRef body, int ordinal, boolean derived) {
        Envelope envelope = encoded.envelope();
        return new Job(
                envelope.id() + "." + ordinal,
                encoded,
                body,
                IntStream.range(0, envelope.recipients().size()).boxed().toList(),
                0,
                0,
                derived,
                false);
    }

    /** The job for those who are still pending after an attempt or an overflow. */
    public Job deferred(
            List<Integer> stillPending, int attemptsMade, int nextTier, boolean warned) {
        return new Job(id, envelope, body, stillPending, attemptsMade, nextTier, true, warned);
    }

    /** The same job, its body in another place. */
    public Job withBody(BodyRef moved) {
        return new Job(id, envelope, moved, pending, attempts, tier, derived, delayWarned);
    }

    @Override
    public MailId mailId() {
        return envelope.envelope().id();
    }

    /** Those who have no outcome yet. */
    public List<Recipient> pendingRecipients() {
        List<Recipient> all = envelope.envelope().recipients();
        List<Recipient> out = new ArrayList<>(pending.size());
        for (int i : pending) {
            out.add(all.get(i));
        }
        return out;
    }

    /** The domain that all recipients share, as DNS asks for it. */
    public String domain() {
        return envelope.envelope().recipients().getFirst().address().asciiDomain();
    }
}
