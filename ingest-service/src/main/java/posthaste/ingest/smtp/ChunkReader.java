package posthaste.ingest.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import posthaste.ingest.accept.MessageSink;
import posthaste.ingest.accept.MessageSource;
import posthaste.ingest.accept.Refusal;
import posthaste.ingest.smtp.ListenerSettings.Limits;

/**
 * What follows BDAT: a message, chunk by chunk (RFC 3030 section 2). Between two chunks the client
 * may say other things; most of them end the message.
 *
 * <p>A refusal stands at the end of the chunk that earns it, once all of its octets are read: what
 * a client has announced as a message never becomes commands.
 */
final class ChunkReader implements MessageSource {
    private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Connection connection;
    private final Limits limits;
    private final Pause pause;
    private final ChunkScanner scanner = new ChunkScanner();

    private Answer.ReceiveChunk chunk;
    private long unread;

    /** What happens between two chunks. */
    interface Pause {
        /**
         * Says that a chunk was taken, and listens until the next is announced.
         *
         * @throws ChunksAbandonedException when there will be none
         */
        Answer.ReceiveChunk until(Answer.ReceiveChunk taken) throws IOException;
    }

    ChunkReader(Connection connection, Limits limits, Answer.ReceiveChunk first, Pause pause) {
        this.connection = connection;
        this.limits = limits;
        this.chunk = first;
        this.unread = first.octets();
        this.pause = pause;
    }

    @Override
    public void readTo(MessageSink sink) throws IOException {
        Passage passage = new Passage(sink, limits.messageSize());
        connection.messageBegins();
        while (true) {
            passage.announce(unread);
            readChunk(passage);
            // RFC 5321 section 4.1.1.4: without its last CRLF no next hop would see the end.
            if (chunk.isLast() && scanner.endsWithinLine(passage)) {
                passage.octets(CRLF, 0, CRLF.length);
            }
            Refusal refusal = passage.refusal();
            if (refusal != null) {
                throw refusal;
            }
            if (chunk.isLast()) {
                return;
            }
            chunk = pause.until(chunk);
            unread = chunk.octets();
        }
    }

    private void readChunk(Passage passage) throws IOException {
        while (unread > 0) {
            Refusal refusal = passage.refusal();
            if (refusal != null && unread > limits.drain()) {
                throw new DrainLimitException(refusal);
            }
            if (connection.position() == connection.limit()) {
                connection.fillMessage();
            }
            int from = connection.position();
            int to = from + (int) Math.min(connection.limit() - from, unread);
            scanner.scan(connection.block(), from, to, passage);
            connection.consumeTo(to);
            unread -= to - from;
        }
    }

    /** Whether all octets that were announced are read, so that what follows is commands. */
    boolean isInStep() {
        return unread == 0;
    }

    /**
     * Reads a chunk that belongs to no mail, and drops it.
     *
     * @throws EOFException when the client goes away within it
     */
    static void skip(Connection connection, long octets) throws IOException {
        long left = octets;
        connection.messageBegins();
        while (left > 0) {
            if (connection.position() == connection.limit()) {
                connection.fillMessage();
            }
            int from = connection.position();
            int some = (int) Math.min(connection.limit() - from, left);
            connection.consumeTo(from + some);
            left -= some;
        }
    }
}
