package posthaste.ingest.accept;

import java.io.IOException;
import posthaste.mail.status.Reply;

/** The front door as the protocols see it. */
@FunctionalInterface
public interface Acceptor {

    /**
     * Reads the message and accepts or refuses the mail.
     *
     * @return the reply to the final dot: a {@code 250} when the mail is durable, anything else
     *     when it was not accepted
     * @throws IOException when the end of the message was not reached: nothing was accepted, and
     *     there is nobody to reply to
     */
    Reply accept(IncomingMail mail) throws IOException;
}
