package posthaste.mail.envelope;

import java.time.Instant;

/**
 * By when a mail is to be delivered (RFC 2852 section 4).
 *
 * @param deadline by our clock
 * @param mode what is to happen when it passes
 * @param trace whether relayed mail is to be told of (RFC 2852 section 4, {@code T})
 */
public record DeliverBy(Instant deadline, Mode mode, boolean trace) {

    /** What happens to a mail that was not delivered in time. */
    public enum Mode {
        /** It is returned. */
        RETURN,
        /** Its sender is told, and it goes on. */
        NOTIFY
    }
}
