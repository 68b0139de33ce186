package posthaste.outbound.smtp;

import posthaste.mail.status.Reply;
import posthaste.outbound.failure.Trouble;

/** What became of one recipient at one host. */
public sealed interface Fate {

    /**
     * The host has taken responsibility.
     *
     * @param dsnPassedOn whether it was told the wishes for notifications
     * @param deliverByPassedOn whether it was told by when the mail is to be delivered
     */
    record Taken(Reply reply, boolean dsnPassedOn, boolean deliverByPassedOn) implements Fate {}

    /** It has not. */
    record Not(Trouble trouble) implements Fate {}
}
