package posthaste.ingest.returned;

import java.io.IOException;
import posthaste.ingest.accept.IncomingMail;
import posthaste.ingest.accept.MessageSink;
import posthaste.ingest.accept.MessageSource;
import posthaste.ingest.accept.ReceiveMessage;
import posthaste.ingest.accept.ReceivedMail;
import posthaste.ingest.accept.Refusal;
import posthaste.mail.envelope.Stream;

/** Step 1 for reports: receives one as any mail is received, up to the size that we read. */
public final class TakeReport {
    private final ReceiveMessage receiveMessage;
    private final long limit;

    /**
     * Takes what receives.
     *
     * @param receiveMessage without anything that is done to mail of submitters
     * @param limit in octets
     */
    public TakeReport(ReceiveMessage receiveMessage, long limit) {
        this.receiveMessage = receiveMessage;
        this.limit = limit;
    }

    /**
     * Reads to the end of the message.
     *
     * @throws Refusal after the end of the message
     * @throws IOException when the client went away before it
     */
    public ReceivedMail take(IncomingMail mail) throws IOException {
        ReceivedMail received = receiveMessage.receive(mail.readBy(limited(mail.message())));
        return received.with(received.envelope().in(Stream.INBOUND));
    }

    private MessageSource limited(MessageSource message) {
        return sink -> message.readTo(new Limited(sink, limit));
    }

    private static final class Limited implements MessageSink {
        private final MessageSink sink;
        private long left;

        Limited(MessageSink sink, long limit) {
            this.sink = sink;
            this.left = limit;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            left -= length;
            if (left < 0) {
                throw new Refusal(552, "5.3.4 a report that large is not read");
            }
            sink.write(bytes, offset, length);
        }

        @Override
        public void abandon() {
            sink.abandon();
        }
    }
}
