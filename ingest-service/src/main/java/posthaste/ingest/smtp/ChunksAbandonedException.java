package posthaste.ingest.smtp;

import java.io.IOException;

/** Between two chunks the client has said something that ends their message. */
final class ChunksAbandonedException extends IOException {
    private final transient Answer answer;

    /**
     * No error of ours.
     *
     * @param answer to what the client has said
     */
    ChunksAbandonedException(Answer answer) {
        super("the client has given a chunked message up");
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }
}
