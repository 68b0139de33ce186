package posthaste.outbound.settlement;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import posthaste.mail.envelope.DeliverBy;
import posthaste.mail.status.EnhancedStatusCode;

/**
 * What RFC 2852 asks when a mail that is to be delivered by some time is deferred, or relayed.
 *
 * @param by what its sender asked for, if anything
 * @param now when it is decided on
 */
record DueTime(Optional<DeliverBy> by, Instant now) {
    /** Section 4.1.3, of a mail that is returned. */
    static final EnhancedStatusCode RETURNED = new EnhancedStatusCode(5, 4, 7);

    /** Section 4.1.3, of a mail that goes on. */
    static final EnhancedStatusCode DELAYED = new EnhancedStatusCode(4, 4, 7);

    /** A wait that does not go far beyond the time, while it has not come. */
    int position(int scheduled, RetryPolicy policy) {
        return by.filter(due -> now.isBefore(due.deadline()))
                .map(due ->
                        Math.min(scheduled, policy.within(Duration.between(now, due.deadline()))))
                .orElse(scheduled);
    }

    /** Whether it is to be returned, since no attempt can be made in time any more. */
    boolean returns(Instant nextAttemptAt) {
        return by.filter(due -> due.mode() == DeliverBy.Mode.RETURN)
                .filter(due -> !nextAttemptAt.isBefore(due.deadline()))
                .isPresent();
    }

    /** Whether its sender is to be told when the time has passed, instead of after some hours. */
    boolean decidesOnWarning() {
        return by.filter(due -> due.mode() == DeliverBy.Mode.NOTIFY).isPresent();
    }

    /** Whether the time has passed. */
    boolean isOver() {
        return by.filter(due -> !now.isBefore(due.deadline())).isPresent();
    }

    /** Section 4.1.4: whether its sender is to be told that another host has it. */
    boolean tellsOfRelay(boolean passedOn) {
        return by.filter(due -> due.trace() || (decidesOnWarning() && !passedOn && !isOver()))
                .isPresent();
    }
}
