package posthaste.ingest.smtp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import posthaste.ingest.accept.MessageSink;
import posthaste.ingest.accept.MessageSource;
import posthaste.ingest.accept.Refusal;
import posthaste.ingest.smtp.ListenerSettings.Limits;

/** What follows a {@code 354}: a message up to its final dot, refused only there. */
final class DataReader implements MessageSource {
    private final Connection connection;
    private final Limits limits;
    private final EndOfDataScanner scanner = new EndOfDataScanner();
    private @Nullable Refusal refusal;

    DataReader(Connection connection, Limits limits) {
        this.connection = connection;
        this.limits = limits;
    }

    @Override
    public void readTo(MessageSink sink) throws IOException {
        Passage passage = new Passage(sink);
        long dropped = 0;
        connection.messageBegins();
        while (!scanner.found()) {
            if (connection.position() == connection.limit()) {
                connection.fillMessage();
            }
            int from = connection.position();
            int to = scanner.scan(connection.block(), from, connection.limit(), passage);
            connection.consumeTo(to);
            if (refusal != null) {
                dropped += to - from;
                if (dropped > limits.drain()) {
                    throw new DrainLimitException(refusal);
                }
            }
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    /** Whether the final dot was read, so that what follows is commands again. */
    boolean isAtEnd() {
        return scanner.found();
    }

    /** Lets the message through until there is a reason to refuse it. */
    private final class Passage implements EndOfDataScanner.Content {
        private final MessageSink sink;
        private long octets;

        Passage(MessageSink sink) {
            this.sink = sink;
        }

        @Override
        public void octets(byte[] block, int offset, int length) {
            if (refusal != null) {
                return;
            }
            octets += length;
            if (octets > limits.messageSize()) {
                refuse(
                        new Refusal(
                                552,
                                "5.3.4 the message is larger than "
                                        + limits.messageSize()
                                        + " octets"));
                return;
            }
            try {
                sink.write(block, offset, length);
            } catch (Refusal e) {
                refuse(e);
            }
        }

        @Override
        public void flaw(EndOfDataScanner.Flaw flaw) {
            if (refusal == null) {
                refuse(
                        new Refusal(
                                550,
                                switch (flaw) {
                                    case BARE_CR -> "5.5.2 a CR without LF in the message";
                                    case BARE_LF -> "5.5.2 an LF without CR in the message";
                                    case NUL -> "5.5.2 a NUL in the message";
                                }));
            }
        }

        private void refuse(Refusal why) {
            refusal = why;
            sink.abandon();
        }
    }
}
