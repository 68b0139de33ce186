package posthaste.ingest.accept;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.BodyWriter;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.StoreUnavailableException;
import posthaste.ingest.dkim.Signing;
import posthaste.ingest.message.MessageHeader;

/**
 * One message on its way in: the header gathered and judged, then all of it into the store, and
 * past whoever hashes the body.
 */
final class Arrival implements MessageSink {
    private static final Logger LOG = LoggerFactory.getLogger(Arrival.class);

    private final BodyWriter body;
    private final HeaderReader reader;
    private final Judge judge;
    private @Nullable Taken taken;

    /** What is done once the header is whole. */
    @FunctionalInterface
    interface Judge {
        /**
         * Looks at the header.
         *
         * @throws Refusal when the mail is not wanted
         */
        Taken take(MessageHeader header);
    }

    /** What became of a header. */
    static final class Taken {
        private final byte[] stored;
        private final MessageHeader header;
        private final String added;
        private final Optional<Signing> signing;

        /**
         * Of a header that was judged.
         *
         * @param stored what is stored above the line that ends the header
         * @param header as it is relayed
         * @param added fields that are added to it
         */
        Taken(byte[] stored, MessageHeader header, String added, Optional<Signing> signing) {
            this.stored = stored;
            this.header = header;
            this.added = added;
            this.signing = signing;
        }

        MessageHeader header() {
            return header;
        }

        String added() {
            return added;
        }

        Optional<Signing> signing() {
            return signing;
        }
    }

    Arrival(BodyWriter body, HeaderReader reader, Judge judge) {
        this.body = body;
        this.reader = reader;
        this.judge = judge;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int ofHeader = 0;
        Taken known = taken;
        if (known == null) {
            ofHeader = reader.read(bytes, offset, length);
            if (!reader.hasEnded()) {
                return;
            }
            known = headerEnded();
        }
        if (ofHeader < length) {
            body(known, bytes, offset + ofHeader, length - ofHeader);
        }
    }

    @Override
    public void abandon() {
        body.close();
    }

    /** The message is whole: also an empty one has a header. */
    Taken finish() {
        Taken known = taken;
        if (known == null) {
            reader.finish();
            known = headerEnded();
        }
        return known;
    }

    private Taken headerEnded() {
        MessageHeader header = reader.header();
        Taken known = judge.take(header);
        taken = known;
        store(known.stored, 0, known.stored.length);
        byte[] rest = reader.rest();
        if (header.end() == MessageHeader.End.EMPTY_LINE) {
            store(rest, 0, rest.length);
        } else {
            body(known, rest, 0, rest.length);
        }
        return known;
    }

    private void body(Taken known, byte[] bytes, int offset, int length) {
        known.signing().ifPresent(signing -> signing.body(bytes, offset, length));
        store(bytes, offset, length);
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
