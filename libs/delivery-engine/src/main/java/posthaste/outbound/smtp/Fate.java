package posthaste.outbound.smtp;

import posthaste.mail.status.Reply;
import posthaste.outbound.failure.Trouble;

/** What became of one recipient at one host. */
public sealed interface Fate {

    /**
     * The host has taken responsibility.
     *
     * @param dsnPassedOn whether it was told the wishes for notifications
     */
    record Taken(Reply reply, boolean dsnPassedOn) implements Fate {}

    /** It has not. */
    record Not(Trouble trouble) implements Fate {}
}
