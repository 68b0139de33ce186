package posthaste.ingest.accept;

import java.io.IOException;

/** A message that the client is about to send; read once. */
public interface MessageSource {

    /**
     * Reads the whole message, dots unstuffed, into {@code sink}.
     *
     * <p>A refusal, by the sink or by the source itself, ends nothing: the rest of the message is
     * read and dropped first, so that none of it can be taken for commands.
     *
     * @throws Refusal after the end of the message, if there was a reason to refuse it
     * @throws IOException when the end of the message was not reached; there is nobody left to
     *     reply to
     */
    void readTo(MessageSink sink) throws IOException;
}
