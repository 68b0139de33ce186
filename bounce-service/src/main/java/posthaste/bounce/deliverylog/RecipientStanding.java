package posthaste.bounce.deliverylog;

import java.time.Instant;
import java.util.Optional;

/**
 * How a recipient stands: what its leading event says, or {@code queued} when there is none yet.
 *
 * @param address as accepted
 * @param state {@code queued}, {@code deferred}, {@code failed} (the bounce is under way), or one
 *     of the ends {@code delivered}, {@code bounced}, {@code expired}, {@code removed}
 * @param since when the leading event happened, or the acceptance
 * @param attempts made so far
 * @param duplicates ends beyond the one that counts, after a crash has forked the job
 * @param enhancedCode of RFC 3463
 * @param reply the remote server's, code included
 * @param reason one sentence of ours; empty when the reply says it all
 * @param nextAttempt when it is tried again
 * @param dsnId the mail that told the sender
 * @param bounceClass what the leading event means, as {@code BounceClass} names it; empty where
 *     nothing was refused
 * @param hard whether the address itself is at fault
 */
public record RecipientStanding(
        String address,
        String state,
        Instant since,
        int attempts,
        int duplicates,
        Optional<String> enhancedCode,
        Optional<String> reply,
        String reason,
        Optional<Instant> nextAttempt,
        Optional<String> dsnId,
        Optional<String> bounceClass,
        boolean hard) {

    /** One whose leading event is no refusal. */
    public RecipientStanding(
            String address,
            String state,
            Instant since,
            int attempts,
            int duplicates,
            Optional<String> enhancedCode,
            Optional<String> reply,
            String reason,
            Optional<Instant> nextAttempt,
            Optional<String> dsnId) {
        this(
                address,
                state,
                since,
                attempts,
                duplicates,
                enhancedCode,
                reply,
                reason,
                nextAttempt,
                dsnId,
                Optional.empty(),
                false);
    }

    /** Whether nothing more is to happen. */
    public boolean isFinal() {
        return switch (state) {
            case "delivered", "bounced", "expired", "removed" -> true;
            default -> false;
        };
    }
}
