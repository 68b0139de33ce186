package posthaste.bounce.dsn;

import java.io.IOException;
import java.io.OutputStream;
import posthaste.body.StoredBody;

/** A body that is in memory. */
final class BytesBody implements StoredBody {
    private final byte[] bytes;

    BytesBody(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
    }

    @Override
    public void close() {}
}
