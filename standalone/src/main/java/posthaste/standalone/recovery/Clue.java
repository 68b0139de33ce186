package posthaste.standalone.recovery;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import posthaste.mail.record.BodyRef;

/** What was found of a mail, in one place or another. */
sealed interface Clue {

    /**
     * Its body, with an envelope of all or some of its recipients.
     *
     * @param isIntact whether body and envelope can be read
     */
    record Entry(BodyRef body, ByteBuffer envelope, boolean isIntact) implements Clue {
        /** The same, not to be relied on. */
        Entry damaged() {
            return new Entry(body, envelope, false);
        }

        byte[] envelopeBytes() {
            byte[] bytes = new byte[envelope.remaining()];
            envelope.duplicate().get(bytes);
            return bytes;
        }
    }

    /** A recipient who stands in a queue. */
    record Queued(String address) implements Clue {}

    /** A recipient without an end in the log. */
    record Open(String address) implements Clue {}

    /** As bytes, for a bucket. */
    default byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            switch (this) {
                case Entry entry -> {
                    BodyRef body = entry.body();
                    byte[] envelope = entry.envelopeBytes();
                    out.writeByte('E');
                    out.writeUTF(body.key());
                    out.writeLong(body.offset());
                    out.writeLong(body.length());
                    out.writeInt(body.crc32c());
                    out.writeBoolean(entry.isIntact());
                    out.writeInt(envelope.length);
                    out.write(envelope);
                }
                case Queued(String address) -> {
                    out.writeByte('Q');
                    out.writeUTF(address);
                }
                case Open(String address) -> {
                    out.writeByte('O');
                    out.writeUTF(address);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What {@link #encode} made. */
    static Clue decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return switch (in.readByte()) {
                case 'E' -> {
                    BodyRef body =
                            new BodyRef(in.readUTF(), in.readLong(), in.readLong(), in.readInt());
                    boolean isIntact = in.readBoolean();
                    yield new Entry(body, ByteBuffer.wrap(in.readNBytes(in.readInt())), isIntact);
                }
                case 'Q' -> new Queued(in.readUTF());
                default -> new Open(in.readUTF());
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
