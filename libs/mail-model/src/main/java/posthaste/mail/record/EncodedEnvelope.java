package posthaste.mail.record;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;
import posthaste.mail.envelope.Envelope;

/** An envelope as bytes, copied unchanged from topic to topic, and decoded when someone asks. */
public final class EncodedEnvelope {
    private final ByteString bytes;
    private volatile @Nullable Envelope decoded;

    private EncodedEnvelope(ByteString bytes, @Nullable Envelope decoded) {
        this.bytes = bytes;
        this.decoded = decoded;
    }

    /** Encodes an envelope. */
    public static EncodedEnvelope of(Envelope envelope) {
        return new EncodedEnvelope(EnvelopeCodec.encode(envelope).toByteString(), envelope);
    }

    /**
     * Takes bytes that {@link #toByteArray} made, also as they stand in a segment.
     *
     * @throws UnreadableRecordException when they are no envelope
     */
    public static EncodedEnvelope read(byte[] bytes) throws UnreadableRecordException {
        return read(ByteString.copyFrom(bytes));
    }

    static EncodedEnvelope read(ByteString bytes) throws UnreadableRecordException {
        EncodedEnvelope envelope = new EncodedEnvelope(bytes, null);
        envelope.decode();
        return envelope;
    }

    /** The envelope. */
    public Envelope envelope() {
        Envelope known = decoded;
        if (known != null) {
            return known;
        }
        try {
            return decode();
        } catch (UnreadableRecordException e) {
            throw new IllegalStateException("read() lets no unreadable envelope in", e);
        }
    }

    public byte[] toByteArray() {
        return bytes.toByteArray();
    }

    ByteString bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncodedEnvelope that && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    @Override
    public String toString() {
        return envelope().toString();
    }

    private Envelope decode() throws UnreadableRecordException {
        try {
            Envelope envelope = EnvelopeCodec.decode(Wire.Envelope.parseFrom(bytes));
            decoded = envelope;
            return envelope;
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new UnreadableRecordException(
                    "the envelope cannot be read: " + e.getMessage(), e);
        }
    }
}
