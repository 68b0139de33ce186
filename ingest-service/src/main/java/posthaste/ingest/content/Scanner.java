package posthaste.ingest.content;

import java.io.IOException;

/** One scanner at one address, asked by its own protocol. Used by many threads at once. */
public interface Scanner extends AutoCloseable {

    /** Where it is, for the log; no secret in it. */
    String place();

    /**
     * Asks for a verdict, and may be interrupted while it waits.
     *
     * @throws TooLargeException when it takes no message of this size
     * @throws IOException when it is away, breaks off, or answers what is no answer
     */
    Verdict ask(ScannedMail mail) throws TooLargeException, IOException, InterruptedException;

    /** Frees what it holds between two questions. */
    @Override
    default void close() {}

    /** The scanner takes no message of this size; it works all the same. */
    final class TooLargeException extends Exception {
        public TooLargeException(String message) {
            super(message);
        }
    }
}
