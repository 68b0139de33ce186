package posthaste.ingest.smtp;

import org.jspecify.annotations.Nullable;
import posthaste.ingest.accept.MessageSink;
import posthaste.ingest.accept.Refusal;

/** Lets a message through to its sink until there is a reason to refuse it. */
final class Passage implements EndOfDataScanner.Content {
    private final MessageSink sink;
    private final long messageSize;
    private long octets;
    private @Nullable Refusal refusal;

    /**
     * Open.
     *
     * @param messageSize octets that a message may have
     */
    Passage(MessageSink sink, long messageSize) {
        this.sink = sink;
        this.messageSize = messageSize;
    }

    /** Why the message is refused, if it is. */
    @Nullable Refusal refusal() {
        return refusal;
    }

    /** So many octets are to follow: if they are too many, nothing more passes. */
    void announce(long further) {
        if (further > messageSize - octets) {
            refuse(tooLarge());
        }
    }

    @Override
    public void octets(byte[] block, int offset, int length) {
        if (refusal != null) {
            return;
        }
        octets += length;
        if (octets > messageSize) {
            refuse(tooLarge());
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
        refuse(
                new Refusal(
                        550,
                        switch (flaw) {
                            case BARE_CR -> "5.5.2 a CR without LF in the message";
                            case BARE_LF -> "5.5.2 an LF without CR in the message";
                            case NUL -> "5.5.2 a NUL in the message";
                        }));
    }

    private Refusal tooLarge() {
        return new Refusal(552, "5.3.4 the message is larger than " + messageSize + " octets");
    }

    private void refuse(Refusal why) {
        if (refusal == null) {
            refusal = why;
            sink.abandon();
        }
    }
}
