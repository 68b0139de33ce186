package posthaste.body.s3;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;

/** Pieces of memory that go over the wire as they stand, as often as they are asked for. */
final class Views {
    private static final String TYPE = "application/octet-stream";

    private Views() {}

    static long size(List<ByteBuffer> views) {
        return views.stream().mapToLong(ByteBuffer::remaining).sum();
    }

    static RequestBody body(List<ByteBuffer> views) {
        return RequestBody.fromContentProvider(() -> stream(views), size(views), TYPE);
    }

    private static InputStream stream(List<ByteBuffer> views) {
        return new ViewsInput(views.stream().map(ByteBuffer::duplicate).iterator());
    }
}
