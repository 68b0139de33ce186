package posthaste.bounce.deliverylog;

import java.time.Instant;
import java.util.Optional;
import posthaste.mail.envelope.MailId;

/**
 * What is searched for. What is given must all fit; what concerns recipients and their events must
 * fit one recipient.
 *
 * @param recipient an address, whatever its case
 * @param sender the reverse-path, whatever its case; an empty text means the null reverse-path
 * @param from accepted then or later
 * @param to accepted before
 * @param before older than this mail: how the next page begins
 * @param limit mails at most
 * @param details what else
 */
public record LogQuery(
        Optional<String> recipient,
        Optional<String> sender,
        Optional<MailId> id,
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<MailId> before,
        int limit,
        Details details) {
    /** More would be a page that nobody reads. */
    public static final int LIMIT = 1000;

    /**
     * What is searched for less often.
     *
     * @param messageId the header field, with or without its angle brackets
     * @param domain of a recipient
     * @param reply words that a server's reply, or our own reason where there is none, has all of;
     *     the last may be a beginning. Numbers, addresses and ids in it are not words
     * @param status an enhanced status code ({@code 5.1.1}) or its beginning ({@code 5}, {@code
     *     4.7}), or a reply code ({@code 550})
     * @param bounceClass as {@code BounceClass} names it
     * @param stream of the mail
     * @param outcome of a recipient
     */
    public record Details(
            Optional<String> messageId,
            Optional<String> domain,
            Optional<String> reply,
            Optional<String> status,
            Optional<String> bounceClass,
            Optional<String> stream,
            Optional<Outcome> outcome) {
        /** Nothing more. */
        public static final Details NONE =
                new Details(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
    }

    /** How a recipient stands; the codes are those of {@code recipient.state}. */
    public enum Outcome {
        OPEN(1),
        REMOVED(2),
        EXPIRED(3),
        BOUNCED(4),
        DELIVERED(5);

        private final int state;

        Outcome(int state) {
            this.state = state;
        }

        int state() {
            return state;
        }
    }

    public LogQuery {
        if (limit < 1 || limit > LIMIT) {
            throw new IllegalArgumentException("the limit is 1 to " + LIMIT + ", not " + limit);
        }
    }

    /** Without details. */
    public LogQuery(
            Optional<String> recipient,
            Optional<String> sender,
            Optional<MailId> id,
            Optional<Instant> from,
            Optional<Instant> to,
            Optional<MailId> before,
            int limit) {
        this(recipient, sender, id, from, to, before, limit, Details.NONE);
    }

    /** Every mail, newest first. */
    public static LogQuery all(int limit) {
        return new LogQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                limit);
    }

    /** The page after one that ended with {@code last}. */
    public LogQuery after(MailId last) {
        return new LogQuery(recipient, sender, id, from, to, Optional.of(last), limit, details);
    }

    /** The same, in pages of another size. */
    public LogQuery paged(int mails) {
        return new LogQuery(recipient, sender, id, from, to, before, mails, details);
    }
}
