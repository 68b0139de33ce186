package posthaste.ingest.accept;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.BodyStore;
import posthaste.body.BodyWriter;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.Generation;
import posthaste.body.StoreUnavailableException;
import posthaste.ingest.policy.HeaderLimits;
import posthaste.mail.record.EncodedEnvelope;

/**
 * Step 1: reads the message into the body store, our Received field on top, the bytes below exactly
 * as they were submitted (DESIGN 3, invariant 6).
 */
public final class ReceiveMessage {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiveMessage.class);

    private final BodyStore store;
    private final ReceivedField receivedField;
    private final HeaderLimits limits;
    private final Duration memoryWait;
    private final Duration acceptanceDeadline;

    /**
     * Takes its limits from configuration.
     *
     * @param memoryWait how long a message may wait for memory at each step
     * @param acceptanceDeadline from the end of the message to the reply
     */
    public ReceiveMessage(
            BodyStore store,
            ReceivedField receivedField,
            HeaderLimits limits,
            Duration memoryWait,
            Duration acceptanceDeadline) {
        this.store = store;
        this.receivedField = receivedField;
        this.limits = limits;
        this.memoryWait = memoryWait;
        this.acceptanceDeadline = acceptanceDeadline;
    }

    /**
     * Reads to the end of the message.
     *
     * @throws Refusal after the end of the message
     * @throws IOException when the client went away before it
     */
    public ReceivedMail receive(IncomingMail mail) throws IOException {
        BodyWriter body = store.begin(Generation.PRIMARY, memoryWait);
        boolean received = false;
        try {
            Arrival arrival = new Arrival(body, receivedField.of(mail), new HeaderScan(limits));
            mail.message().readTo(arrival);
            arrival.finish();
            received = true;
            return new ReceivedMail(
                    EncodedEnvelope.of(mail.envelope().withMessage(arrival.messageId(), "")),
                    body,
                    Deadline.in(acceptanceDeadline));
        } finally {
            if (!received) {
                body.close();
            }
        }
    }

    /** One message on its way in. */
    private static final class Arrival implements MessageSink {
        private final BodyWriter body;
        private final byte[] receivedField;
        private final HeaderScan header;
        private boolean stamped;

        Arrival(BodyWriter body, byte[] receivedField, HeaderScan header) {
            this.body = body;
            this.receivedField = receivedField;
            this.header = header;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            header.read(bytes, offset, length);
            stamp();
            store(bytes, offset, length);
        }

        @Override
        public void abandon() {
            body.close();
        }

        /** Also an empty message gets its field. */
        void finish() {
            stamp();
        }

        Optional<String> messageId() {
            return header.messageId();
        }

        private void stamp() {
            if (!stamped) {
                stamped = true;
                store(receivedField, 0, receivedField.length);
            }
        }

        private void store(byte[] bytes, int offset, int length) {
            try {
                body.write(bytes, offset, length);
            } catch (BudgetExhaustedException e) {
                throw Refusal.noMemory();
            } catch (StoreUnavailableException e) {
                LOG.warn("mail refused, the body store does not take it: {}", e.getMessage());
                throw Refusal.notAccepted();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Refusal.notAccepted();
            }
        }
    }
}
