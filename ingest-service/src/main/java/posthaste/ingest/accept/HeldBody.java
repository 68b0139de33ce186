package posthaste.ingest.accept;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import posthaste.body.BodyWriter;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.record.BodyRef;

/** A body whose header is kept in memory as long as it is itself. */
public final class HeldBody implements BodyWriter {
    private final BodyWriter body;
    private final HeaderReader header;

    HeldBody(BodyWriter body, HeaderReader header) {
        this.body = body;
        this.header = header;
    }

    @Override
    public void write(byte[] bytes, int offset, int length)
            throws BudgetExhaustedException, StoreUnavailableException, InterruptedException {
        body.write(bytes, offset, length);
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public Optional<List<ByteBuffer>> inMemory() {
        return body.inMemory();
    }

    /** The body itself. */
    public BodyWriter body() {
        return body;
    }

    @Override
    public BodyRef commit(String mailId, byte[] envelope, Duration deadline)
            throws StoreUnavailableException, InterruptedException {
        return body.commit(mailId, envelope, deadline);
    }

    @Override
    public void close() {
        header.close();
        body.close();
    }
}
