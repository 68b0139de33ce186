package posthaste.ingest.http;

import java.io.IOException;
import java.io.InputStream;
import posthaste.ingest.accept.MessageSink;
import posthaste.ingest.accept.MessageSource;

/** A message as a client sends it, streaming. */
final class RawMessage implements MessageSource {
    private static final int BLOCK = 16 * 1024;

    private final InputStream in;
    private final long most;

    RawMessage(InputStream in, long most) {
        this.in = in;
        this.most = most;
    }

    /** Unlike SMTP's, a refusal needs no further reading: the connection is closed after it. */
    @Override
    public void readTo(MessageSink sink) throws IOException {
        LineEnds lines = new LineEnds(sink, most);
        byte[] block = new byte[BLOCK];
        for (int read = in.read(block); read >= 0; read = in.read(block)) {
            lines.write(block, 0, read);
        }
        lines.end();
    }
}
