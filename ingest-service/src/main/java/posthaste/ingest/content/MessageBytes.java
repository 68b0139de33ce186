package posthaste.ingest.content;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * A message that has come in whole, to be read by several scanners at once, from its first byte
 * each time. Copied nowhere: read from where it is kept.
 */
public final class MessageBytes {
    private static final int FILE_BLOCK = 64 * 1024;

    private final byte[] top;
    private final Rest rest;

    /** What the message consists of below the fields that we added. */
    private sealed interface Rest {

        /** In memory of the body's writer. */
        record Views(List<ByteBuffer> views) implements Rest {}

        /** In a file without a name. */
        record Spooled(FileChannel file, long length) implements Rest {}
    }

    private MessageBytes(byte[] top, Rest rest) {
        this.top = top;
        this.rest = rest;
    }

    /** In memory; the views are not changed any more. */
    static MessageBytes of(byte[] top, List<ByteBuffer> views) {
        return new MessageBytes(top, new Rest.Views(List.copyOf(views)));
    }

    /** In a file. */
    static MessageBytes of(byte[] top, FileChannel file, long length) {
        return new MessageBytes(top, new Rest.Spooled(file, length));
    }

    /** In octets. */
    public long length() {
        return top.length
                + switch (rest) {
                    case Rest.Views(List<ByteBuffer> views) ->
                            views.stream().mapToLong(ByteBuffer::remaining).sum();
                    case Rest.Spooled(_, long length) -> length;
                };
    }

    /** The message from its beginning; once for each scanner. */
    public InputStream open() {
        List<InputStream> parts = new ArrayList<>();
        parts.add(new ByteArrayInputStream(top));
        switch (rest) {
            case Rest.Views(List<ByteBuffer> views) ->
                    views.forEach(view ->
                            parts.add(
                                    new ByteArrayInputStream(
                                            view.array(),
                                            view.arrayOffset() + view.position(),
                                            view.remaining())));
            case Rest.Spooled(FileChannel file, long length) ->
                    parts.add(new SpoolReader(file, length));
        }
        return new SequenceInputStream(Collections.enumeration(parts));
    }

    /** Reads by position, so that several can read at once. */
    private static final class SpoolReader extends InputStream {
        private final FileChannel file;
        private final long length;
        private final ByteBuffer block = ByteBuffer.allocate(FILE_BLOCK).limit(0);
        private long position;

        SpoolReader(FileChannel file, long length) {
            this.file = file;
            this.length = length;
        }

        @Override
        public int read() throws IOException {
            return fill() ? block.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            Objects.checkFromIndexSize(offset, count, bytes.length);
            if (count == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int n = Math.min(count, block.remaining());
            block.get(bytes, offset, n);
            return n;
        }

        private boolean fill() throws IOException {
            if (block.hasRemaining()) {
                return true;
            }
            if (position == length) {
                return false;
            }
            block.clear().limit((int) Math.min(FILE_BLOCK, length - position));
            int n = file.read(block, position);
            if (n <= 0) {
                throw new IOException("the spooled message is shorter than " + length + " octets");
            }
            position += n;
            block.flip();
            return true;
        }
    }
}
