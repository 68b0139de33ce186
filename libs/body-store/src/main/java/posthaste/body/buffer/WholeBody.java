package posthaste.body.buffer;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import posthaste.body.StoredBody;

/** A body that is whole in memory and verified. */
public final class WholeBody implements StoredBody {
    private final BodyBytes bytes;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes over the caller's hold on {@code bytes}. */
    public WholeBody(BodyBytes bytes) {
        this.bytes = bytes;
    }

    @Override
    public long length() {
        return bytes.length();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        if (closed.get()) {
            throw new IOException("the body was closed");
        }
        bytes.writeTo(out);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            bytes.release();
        }
    }
}
