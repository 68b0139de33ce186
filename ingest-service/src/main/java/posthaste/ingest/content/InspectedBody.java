package posthaste.ingest.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.BodyWriter;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.record.BodyRef;

/**
 * A body on its way into the store that scanners can read before it is committed. A small one they
 * read where its writer has it in memory anyway. A larger one, which streams away, is kept in a
 * file besides, up to the size that scanners take: so no scanner is held by a client that is slow,
 * and no memory by a scanner that is.
 */
final class InspectedBody implements BodyWriter {
    private static final Logger LOG = LoggerFactory.getLogger(InspectedBody.class);

    private final BodyWriter body;
    private final Spool spool;
    private final long limit;
    private @Nullable FileChannel file;
    private boolean lost;

    /**
     * Wraps a body.
     *
     * @param limit the largest that any scanner takes
     */
    InspectedBody(BodyWriter body, Spool spool, long limit) {
        this.body = body;
        this.spool = spool;
        this.limit = limit;
    }

    @Override
    public void write(byte[] bytes, int offset, int count)
            throws BudgetExhaustedException, StoreUnavailableException, InterruptedException {
        long length = body.length() + count;
        if (length > limit) {
            drop();
        } else if (file == null && !lost && length > spool.threshold()) {
            begin();
        }
        if (file != null) {
            spool(ByteBuffer.wrap(bytes, offset, count));
        }
        body.write(bytes, offset, count);
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public Optional<List<ByteBuffer>> inMemory() {
        return body.inMemory();
    }

    /**
     * The whole message, below {@code top}.
     *
     * @return empty when it is larger than any scanner takes
     * @throws IOException when it was to be kept, and could not
     */
    Optional<MessageBytes> message(byte[] top) throws IOException {
        if (body.length() > limit) {
            return Optional.empty();
        }
        if (file != null) {
            return Optional.of(MessageBytes.of(top, file, body.length()));
        }
        Optional<List<ByteBuffer>> views = body.inMemory();
        if (lost || views.isEmpty()) {
            throw new IOException("neither memory nor a file has the message");
        }
        return Optional.of(MessageBytes.of(top, views.get()));
    }

    @Override
    public BodyRef commit(String mailId, byte[] envelope, Duration deadline)
            throws StoreUnavailableException, InterruptedException {
        return body.commit(mailId, envelope, deadline);
    }

    @Override
    public void close() {
        drop();
        body.close();
    }

    private void begin() {
        Optional<List<ByteBuffer>> views = body.inMemory();
        if (views.isEmpty()) {
            // Memory was so short that it left before it was large.
            lost = true;
            return;
        }
        try {
            file = spool.open();
        } catch (IOException e) {
            LOG.warn("a message cannot be kept for the scanners: {}", e.getMessage());
            lost = true;
            return;
        }
        views.get().forEach(this::spool);
    }

    private void spool(ByteBuffer bytes) {
        FileChannel open = file;
        if (open == null) {
            return;
        }
        try {
            while (bytes.hasRemaining()) {
                int _ = open.write(bytes);
            }
        } catch (IOException e) {
            LOG.warn("a message cannot be kept for the scanners: {}", e.getMessage());
            drop();
        }
    }

    private void drop() {
        lost = true;
        FileChannel open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.warn("a spooled message could not be closed: {}", e.getMessage());
            }
        }
    }
}
