package posthaste.mail.outcome;

import java.time.Duration;
import java.util.Optional;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/** What became of one recipient in one attempt. */
public sealed interface Outcome {

    /**
     * The next hop has taken responsibility.
     *
     * @param dsnPassedOn whether NOTIFY and its sisters were passed on, because the next hop offers
     *     DSN: then success is for it to tell, else for us, as "relayed" (RFC 3461 section 5.2.7.3)
     * @param deliverByPassedOn whether it was told by when the mail is to be delivered (RFC 2852)
     */
    record Delivered(Reply reply, boolean dsnPassedOn, boolean deliverByPassedOn)
            implements Outcome {
        /** Of a mail that has no such time. */
        public Delivered(Reply reply, boolean dsnPassedOn) {
            this(reply, dsnPassedOn, false);
        }
    }

    /**
     * To be tried again.
     *
     * @param reply the remote refusal, if there was one
     * @param reason one plain sentence for people
     * @param kind whether and how far it was tried
     * @param retryAfter estimated time until it makes sense to try again; zero: as the schedule
     *     says
     */
    record Deferred(
            EnhancedStatusCode status,
            Optional<Reply> reply,
            String reason,
            Kind kind,
            Duration retryAfter)
            implements Outcome {}

    /** Never to be tried again: the sender is to be told. */
    record Failed(EnhancedStatusCode status, Optional<Reply> reply, String reason)
            implements Outcome {}

    /** How far a deferred recipient got. */
    enum Kind {
        /** A real attempt was refused or broke off before the final dot. */
        ATTEMPTED,
        /** The final dot was sent and no reply came: it may have been delivered (DESIGN 6). */
        AMBIGUOUS,
        /** The destination's own limit, slowness or outage held it back; no attempt was made. */
        NOT_ATTEMPTED
    }
}
