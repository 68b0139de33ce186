package posthaste.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Bytes from a socket: lines, and messages up to their final dot. */
public final class WireInput {
    private final InputStream in;
    private final byte[] buffer = new byte[16 * 1024];
    private int position;
    private int limit;

    public WireInput(InputStream in) {
        this.in = in;
    }

    /** Whether bytes lie ready that were read already. */
    public boolean hasBuffered() {
        return position < limit;
    }

    /** The next byte; -1 at the end. */
    public int read() throws IOException {
        if (position == limit) {
            limit = Math.max(0, in.read(buffer));
            position = 0;
            if (limit == 0) {
                return -1;
            }
        }
        return buffer[position++] & 0xff;
    }

    /** The next line without its CRLF, UTF-8; null at the end. A bare LF is part of the line. */
    public @Nullable String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        boolean afterCr = false;
        for (int b = read(); b >= 0; b = read()) {
            if (afterCr && b == '\n') {
                byte[] bytes = line.toByteArray();
                return new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8);
            }
            line.write(b);
            afterCr = b == '\r';
        }
        return null;
    }

    /**
     * Copies a message up to CRLF dot CRLF, strictly, and takes the dot-stuffing off (RFC 5321
     * section 4.5.2).
     *
     * @return false when the connection ended before
     */
    public boolean copyMessage(OutputStream out) throws IOException {
        State state = State.LINE_START;
        for (int b = read(); b >= 0; b = read()) {
            switch (state) {
                case LINE_START -> {
                    if (b == '.') {
                        state = State.DOT;
                    } else {
                        out.write(b);
                        state = b == '\r' ? State.CR : State.TEXT;
                    }
                }
                case TEXT, CR -> {
                    out.write(b);
                    state =
                            b == '\r'
                                    ? State.CR
                                    : state == State.CR && b == '\n'
                                            ? State.LINE_START
                                            : State.TEXT;
                }
                case DOT -> {
                    if (b == '\r') {
                        state = State.DOT_CR;
                    } else {
                        out.write(b);
                        state = State.TEXT;
                    }
                }
                case DOT_CR -> {
                    if (b == '\n') {
                        return true;
                    }
                    out.write('\r');
                    out.write(b);
                    state = b == '\r' ? State.CR : State.TEXT;
                }
            }
        }
        return false;
    }

    private enum State {
        LINE_START,
        TEXT,
        CR,
        DOT,
        DOT_CR
    }
}
