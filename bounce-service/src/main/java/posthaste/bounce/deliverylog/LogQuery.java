package posthaste.bounce.deliverylog;

import java.time.Instant;
import java.util.Optional;
import posthaste.mail.envelope.MailId;

/**
 * What is searched for. What is given must all fit.
 *
 * @param recipient an address, whatever its case
 * @param sender the reverse-path, whatever its case; an empty text means the null reverse-path
 * @param from accepted then or later
 * @param to accepted before
 * @param before older than this mail: how the next page begins
 * @param limit mails at most
 */
public record LogQuery(
        Optional<String> recipient,
        Optional<String> sender,
        Optional<MailId> id,
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<MailId> before,
        int limit) {
    /** More would be a page that nobody reads. */
    public static final int LIMIT = 1000;

    public LogQuery {
        if (limit < 1 || limit > LIMIT) {
            throw new IllegalArgumentException("the limit is 1 to " + LIMIT + ", not " + limit);
        }
    }
}
