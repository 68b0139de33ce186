package posthaste.body.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.CorruptBodyIOException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
import posthaste.body.UnreadableBodyIOException;
import posthaste.body.buffer.BodyBytes;
import posthaste.mail.record.BodyRef;

/** A body that is read piece by piece, and verified before its last piece is handed out. */
final class LargeBody implements StoredBody {
    private static final Logger LOG = LoggerFactory.getLogger(LargeBody.class);

    private final BodyRef ref;
    private final Folder folder;
    private final Disk.DiskFile file;
    private final BodyBytes buffer;
    private final Duration diskWait;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Receives a piece of the body. */
    private interface Receiver {
        void accept(ByteBuffer piece, boolean last) throws IOException;
    }

    /** Takes over the file and the caller's hold on {@code buffer}. */
    LargeBody(BodyRef ref, Folder folder, Disk.DiskFile file, BodyBytes buffer, Duration diskWait) {
        this.ref = ref;
        this.folder = folder;
        this.file = file;
        this.buffer = buffer;
        this.diskWait = diskWait;
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
            folder.threads().later(this::closeFile);
            buffer.release();
        }
    }

    /** What it means that the CRC is wrong: only a second reading tells the body from the disk. */
    private IOException damaged() throws IOException {
        CRC32C again = new CRC32C();
        forEachPiece((piece, _) -> again.update(piece));
        return (int) again.getValue() == ref.crc32c()
                ? new UnreadableBodyIOException(
                        "the disk gave other bytes than the second time for " + ref,
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
            folder.threads()
                    .call(
                            diskWait,
                            () -> {
                                if (!buffer.retain()) {
                                    throw new IOException("given up");
                                }
                                try {
                                    file.read(position, piece);
                                    return true;
                                } finally {
                                    buffer.release();
                                }
                            },
                            _ -> {});
        } catch (EOFException e) {
            throw new CorruptBodyIOException("the file is too short for " + ref);
        } catch (IOException | StoreUnavailableException e) {
            throw new UnreadableBodyIOException("the store could not read " + ref, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading " + ref);
        }
    }

    private void closeFile() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("closing after reading {}", ref, e);
        }
    }
}
