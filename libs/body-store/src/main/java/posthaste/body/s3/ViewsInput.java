package posthaste.body.s3;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;

/** Reads buffers one after another. */
final class ViewsInput extends InputStream {
    private final Iterator<ByteBuffer> rest;
    private ByteBuffer now = ByteBuffer.allocate(0);

    ViewsInput(Iterator<ByteBuffer> views) {
        this.rest = views;
    }

    @Override
    public int read() {
        return proceed() ? now.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!proceed()) {
            return -1;
        }
        int count = Math.min(length, now.remaining());
        now.get(into, offset, count);
        return count;
    }

    @Override
    public int available() {
        return now.remaining();
    }

    private boolean proceed() {
        while (!now.hasRemaining() && rest.hasNext()) {
            now = rest.next();
        }
        return now.hasRemaining();
    }
}
