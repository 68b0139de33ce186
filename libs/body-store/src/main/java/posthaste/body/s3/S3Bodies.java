package posthaste.body.s3;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.CorruptBodyException;
import posthaste.body.MemoryBudget;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
import posthaste.body.buffer.BodyBytes;
import posthaste.body.buffer.BufferingWriter;
import posthaste.body.buffer.CachedReading;
import posthaste.body.buffer.LargeBody;
import posthaste.body.segment.BodyKey;
import posthaste.mail.record.BodyRef;

/**
 * Reads bodies out of objects, and tells a body that is gone or damaged from a store that fails.
 */
final class S3Bodies implements CachedReading.Kept {
    private static final Logger LOG = LoggerFactory.getLogger(S3Bodies.class);

    /**
     * Of a large body read at once when there is plenty of memory. Each piece is a request of its
     * own: so no slow receiver keeps a connection, and a lost piece is asked for again.
     */
    private static final int PIECE = 1024 * 1024;

    private static final long NOWHERE = -1;

    private final Bucket bucket;
    private final MemoryBudget budget;
    private final Duration memoryWait;

    S3Bodies(Bucket bucket, MemoryBudget budget, Duration memoryWait) {
        this.bucket = bucket;
        this.budget = budget;
        this.memoryWait = memoryWait;
    }

    @Override
    public BodyBytes readWhole(BodyRef ref)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        BodyKey key = key(ref);
        BodyBytes bytes = memory((int) ref.length());
        boolean verified = false;
        try {
            for (int reading = 0; reading < 2 && !verified; reading++) {
                verified = readVerified(key, ref, bytes);
            }
            if (!verified) {
                throw new CorruptBodyException(ref, "its CRC or length was wrong twice");
            }
            return bytes;
        } finally {
            if (!verified) {
                bytes.release();
            }
        }
    }

    @Override
    public StoredBody openLarge(BodyRef ref)
            throws MissingBodyException, StoreUnavailableException, InterruptedException {
        BodyKey key = key(ref);
        BodyBytes buffer = pieceMemory();
        boolean opened = false;
        try {
            boolean read = readFirst(key, ref, buffer);
            opened = true;
            return new LargeBody(ref, new Pieces(key, read ? ref.offset() : NOWHERE), buffer);
        } finally {
            if (!opened) {
                buffer.release();
            }
        }
    }

    /** That there is a body is seen by its first piece, which will be wanted anyway. */
    private boolean readFirst(BodyKey key, BodyRef ref, BodyBytes buffer)
            throws MissingBodyException, StoreUnavailableException, InterruptedException {
        ByteBuffer piece = buffer.views().getFirst();
        piece.limit((int) Math.min(piece.remaining(), ref.length()));
        try {
            bucket.read(key, ref.offset(), List.of(piece));
            return true;
        } catch (EOFException e) {
            LOG.debug("too short for {}", ref, e);
            return false;
        }
    }

    private boolean readVerified(BodyKey key, BodyRef ref, BodyBytes bytes)
            throws MissingBodyException, StoreUnavailableException, InterruptedException {
        if (ref.length() > 0) {
            try {
                bucket.read(key, ref.offset(), bytes.views());
            } catch (EOFException e) {
                LOG.debug("too short for {}", ref, e);
                return false;
            }
        }
        return bytes.crc32c() == ref.crc32c();
    }

    /**
     * A slow receiver keeps its piece for long, so whole ones are only for when there is plenty.
     */
    private BodyBytes pieceMemory() throws StoreUnavailableException, InterruptedException {
        boolean plenty = budget.used() + PIECE <= budget.size() / 2;
        try {
            return plenty
                    ? BodyBytes.ofLength(budget, PIECE, Duration.ZERO)
                    : memory(BufferingWriter.STREAMING_MEMORY);
        } catch (BudgetExhaustedException e) {
            return memory(BufferingWriter.STREAMING_MEMORY);
        }
    }

    private BodyBytes memory(int length) throws StoreUnavailableException, InterruptedException {
        try {
            return BodyBytes.ofLength(budget, length, memoryWait);
        } catch (BudgetExhaustedException e) {
            throw new StoreUnavailableException("no memory to read a body", e);
        }
    }

    private static BodyKey key(BodyRef ref) throws StoreUnavailableException {
        try {
            BodyKey key = BodyKey.parse(ref.key());
            if (key.place().equals(Bucket.PLACE)) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            throw new StoreUnavailableException("of another kind of store: " + ref, e);
        }
        throw new StoreUnavailableException("of another kind of store: " + ref);
    }

    /** A large body's object. */
    private final class Pieces implements LargeBody.Source {
        private final BodyKey key;
        private long inBuffer;

        /** {@code inBuffer}: the position of the piece that is there already. */
        Pieces(BodyKey key, long inBuffer) {
            this.key = key;
            this.inBuffer = inBuffer;
        }

        @Override
        public void read(long position, ByteBuffer piece, BodyBytes buffer)
                throws IOException, StoreUnavailableException, InterruptedException {
            boolean isThere = position == inBuffer;
            inBuffer = NOWHERE;
            if (isThere) {
                return;
            }
            try {
                bucket.read(key, position, List.of(piece));
            } catch (MissingBodyException e) {
                throw new StoreUnavailableException("gone while it was read: " + key, e);
            }
        }

        @Override
        public void close() {
            // No piece leaves anything open.
        }
    }
}
