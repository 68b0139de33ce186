package posthaste.testing.s3;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes everything on but the last byte, which becomes another one. */
final class DamagingOutput extends FilterOutputStream {
    private boolean holds;
    private int last;

    DamagingOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int one) throws IOException {
        passLast(0);
        hold(one);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > 0) {
            passLast(0);
            out.write(bytes, offset, length - 1);
            hold(bytes[offset + length - 1]);
        }
    }

    /** Writes the byte that was held back. */
    void end() throws IOException {
        passLast(1);
        out.flush();
    }

    private void passLast(int flip) throws IOException {
        if (holds) {
            out.write(last ^ flip);
            holds = false;
        }
    }

    private void hold(int one) {
        last = one;
        holds = true;
    }
}
