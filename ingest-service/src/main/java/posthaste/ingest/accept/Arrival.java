package posthaste.ingest.accept;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.BodyWriter;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.StoreUnavailableException;
import posthaste.ingest.message.MessageHeader;

/** One message on its way in: the header gathered and judged, then all of it into the store. */
final class Arrival implements MessageSink {
    private static final Logger LOG = LoggerFactory.getLogger(Arrival.class);

    private final BodyWriter body;
    private final HeaderReader reader;
    private final Judge judge;
    private @Nullable MessageHeader header;

    /** What is done once the header is whole. */
    @FunctionalInterface
    interface Judge {
        /**
         * Looks at the header.
         *
         * @return the octets that are stored in its place, without the line that ends it
         * @throws Refusal when the mail is not wanted
         */
        byte[] take(MessageHeader header);
    }

    Arrival(BodyWriter body, HeaderReader reader, Judge judge) {
        this.body = body;
        this.reader = reader;
        this.judge = judge;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int taken = 0;
        if (header == null) {
            taken = reader.read(bytes, offset, length);
            if (reader.hasEnded()) {
                headerEnded();
            }
        }
        if (taken < length) {
            store(bytes, offset + taken, length - taken);
        }
    }

    @Override
    public void abandon() {
        body.close();
    }

    /** The message is whole: also an empty one has a header. */
    MessageHeader finish() {
        MessageHeader known = header;
        if (known == null) {
            reader.finish();
            known = headerEnded();
        }
        return known;
    }

    private MessageHeader headerEnded() {
        MessageHeader whole = reader.header();
        header = whole;
        byte[] fields = judge.take(whole);
        store(fields, 0, fields.length);
        byte[] rest = reader.rest();
        store(rest, 0, rest.length);
        return whole;
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
