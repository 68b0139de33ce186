package posthaste.testing.s3;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/** Passes on so many bytes a second, ten times a second. */
final class TricklingOutput extends FilterOutputStream {
    private static final int TURNS = 10;

    private final int atOnce;

    TricklingOutput(OutputStream out, long bytesPerSecond) {
        super(out);
        this.atOnce = (int) Math.max(1, bytesPerSecond / TURNS);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; done += atOnce) {
            out.write(bytes, offset + done, Math.min(atOnce, length - done));
            out.flush();
            try {
                Thread.sleep(1000 / TURNS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
    }
}
