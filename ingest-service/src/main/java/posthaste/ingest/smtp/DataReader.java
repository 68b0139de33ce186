package posthaste.ingest.smtp;

import java.io.IOException;
import posthaste.ingest.accept.MessageSink;
import posthaste.ingest.accept.MessageSource;
import posthaste.ingest.accept.Refusal;
import posthaste.ingest.smtp.ListenerSettings.Limits;

/** What follows a {@code 354}: a message up to its final dot, refused only there. */
final class DataReader implements MessageSource {
    private final Connection connection;
    private final Limits limits;
    private final EndOfDataScanner scanner = new EndOfDataScanner();

    DataReader(Connection connection, Limits limits) {
        this.connection = connection;
        this.limits = limits;
    }

    @Override
    public void readTo(MessageSink sink) throws IOException {
        Passage passage = new Passage(sink, limits.messageSize());
        long dropped = 0;
        connection.messageBegins();
        while (!scanner.found()) {
            if (connection.position() == connection.limit()) {
                connection.fillMessage();
            }
            int from = connection.position();
            int to = scanner.scan(connection.block(), from, connection.limit(), passage);
            connection.consumeTo(to);
            Refusal refusal = passage.refusal();
            if (refusal != null) {
                dropped += to - from;
                if (dropped > limits.drain()) {
                    throw new DrainLimitException(refusal);
                }
            }
        }
        Refusal refusal = passage.refusal();
        if (refusal != null) {
            throw refusal;
        }
    }

    /** Whether the final dot was read, so that what follows is commands again. */
    boolean isAtEnd() {
        return scanner.found();
    }
}
