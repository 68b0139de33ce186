package posthaste.body.buffer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import posthaste.body.CorruptBodyIOException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
import posthaste.body.UnreadableBodyIOException;
import posthaste.mail.record.BodyRef;

/** A body that is read piece by piece, and verified before its last piece is handed out. */
public final class LargeBody implements StoredBody {
    private final BodyRef ref;
    private final Source source;
    private final BodyBytes buffer;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Where the pieces come from. */
    public interface Source {

        /**
         * Fills {@code piece}, which is memory of {@code buffer}.
         *
         * @param position in the object
         * @throws EOFException when the object ends before
         */
        void read(long position, ByteBuffer piece, BodyBytes buffer)
                throws IOException, StoreUnavailableException, InterruptedException;

        /** Nothing more is read. */
        void close();
    }

    /** Receives a piece of the body. */
    private interface Receiver {
        void accept(ByteBuffer piece, boolean last) throws IOException;
    }

    /** Takes over the source and the caller's hold on {@code buffer}. */
    public LargeBody(BodyRef ref, Source source, BodyBytes buffer) {
        this.ref = ref;
        this.source = source;
        this.buffer = buffer;
    }

    @Override
    public long length() {
        return ref.length();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        CRC32C crc = new CRC32C();
        forEachPiece((piece, last) -> {
            crc.update(piece.duplicate());
            if (last && (int) crc.getValue() != ref.crc32c()) {
                throw damaged();
            }
            out.write(piece.array(), piece.arrayOffset(), piece.remaining());
        });
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            source.close();
            buffer.release();
        }
    }

    /** What it means that the CRC is wrong: only a second reading tells the body from the store. */
    private IOException damaged() throws IOException {
        CRC32C again = new CRC32C();
        forEachPiece((piece, _) -> again.update(piece));
        return (int) again.getValue() == ref.crc32c()
                ? new UnreadableBodyIOException(
                        "the store gave other bytes than the second time for " + ref,
                        new IOException("CRC-32C"))
                : new CorruptBodyIOException("the CRC is wrong twice for " + ref);
    }

    private void forEachPiece(Receiver receiver) throws IOException {
        for (long at = 0; at < ref.length(); ) {
            ByteBuffer piece = buffer.views().getFirst();
            piece.limit((int) Math.min(piece.remaining(), ref.length() - at));
            long position = ref.offset() + at;
            read(position, piece.duplicate());
            at += piece.remaining();
            receiver.accept(piece, at == ref.length());
        }
    }

    private void read(long position, ByteBuffer piece) throws IOException {
        if (closed.get()) {
            throw new IOException("the body was closed");
        }
        try {
            source.read(position, piece, buffer);
        } catch (EOFException e) {
            throw new CorruptBodyIOException("the object is too short for " + ref);
        } catch (IOException | StoreUnavailableException e) {
            throw new UnreadableBodyIOException("the store could not read " + ref, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading " + ref);
        }
    }
}
