package posthaste.body.segment;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A segment in an array. */
public final class BytesSource implements SegmentSource {
    private final byte[] bytes;

    public BytesSource(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public void read(long position, ByteBuffer into) throws IOException {
        if (position + into.remaining() > bytes.length) {
            throw new EOFException("read beyond the end");
        }
        into.put(bytes, (int) position, into.remaining());
    }
}
