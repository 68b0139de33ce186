package posthaste.outbound.smtp;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The socket that Angus speaks through.
 *
 * <p>Output is gathered and leaves when the buffer is full or when something is to be read: so a
 * group of pipelined commands, or a message's last bytes and its final dot, is one write, although
 * Angus flushes after each command. Input is limited between two replies, so that no peer can fill
 * our memory with one; and in clear a line that is none of a reply ends the session, where Angus
 * would take {@code SSH-2.0} for the first of several lines and wait for the others.
 */
final class WireSocket extends Socket {
    /** Holds most groups of commands, and many messages whole. */
    private static final int BUFFER = 16 * 1024;

    private final byte[] pending = new byte[BUFFER];
    private int pendingLength;
    private long allowance = Long.MAX_VALUE;
    private volatile @Nullable SSLSocket secured;

    /** From now on the peer may send so many bytes; more break the session off. */
    void allow(long bytes) {
        this.allowance = bytes;
    }

    /** TLS was laid over this socket. */
    void securedBy(SSLSocket tls) {
        this.secured = tls;
    }

    /** As {@code TLSv1.3 TLS_AES_256_GCM_SHA384}; empty in clear. */
    String tls() {
        SSLSocket tls = secured;
        return tls == null
                ? ""
                : tls.getSession().getProtocol() + " " + tls.getSession().getCipherSuite();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FlushFirst(super.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() {
        return new Gather();
    }

    /**
     * What is said inside of TLS where it was laid over this socket, else to the socket itself.
     * Each write to TLS is a record of its own, so small ones gather.
     */
    OutputStream message() throws IOException {
        SSLSocket tls = secured;
        return tls == null ? getOutputStream() : new BufferedOutputStream(tls.getOutputStream());
    }

    /** Sends what was gathered, best effort, and closes. */
    void closeAfterFlush() throws IOException {
        try (this) {
            flushPending();
        }
    }

    private void flushPending() throws IOException {
        if (pendingLength > 0) {
            int length = pendingLength;
            pendingLength = 0;
            super.getOutputStream().write(pending, 0, length);
        }
    }

    private final class Gather extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            if (pendingLength == BUFFER) {
                flushPending();
            }
            pending[pendingLength++] = (byte) b;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > BUFFER - pendingLength) {
                flushPending();
            }
            if (length >= BUFFER) {
                WireSocket.super.getOutputStream().write(bytes, offset, length);
            } else {
                System.arraycopy(bytes, offset, pending, pendingLength, length);
                pendingLength += length;
            }
        }

        /** Kept back until something is to be read. */
        @Override
        public void flush() {}
    }

    private final class FlushFirst extends InputStream {
        private static final int CODE_LENGTH = 3;

        private final InputStream in;

        /** Of the next octet in its line, counted up to the code's end. */
        private int column;

        private boolean nonsense;

        FlushFirst(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (nonsense) {
                throw new NoReplyException();
            }
            flushPending();
            int count = in.read(bytes, offset, length);
            allowance -= Math.max(0, count);
            if (allowance < 0) {
                throw new ReplyTooLongException();
            }
            return secured == null ? lines(bytes, offset, count) : count;
        }

        /** How much of it is lines that begin with a code; what stands before counts. */
        private int lines(byte[] bytes, int offset, int count) throws NoReplyException {
            for (int i = 0; i < count; i++) {
                byte b = bytes[offset + i];
                if (column < CODE_LENGTH && (b < '0' || b > '9')) {
                    nonsense = true;
                    int before = i - column;
                    if (before <= 0) {
                        throw new NoReplyException();
                    }
                    return before;
                }
                column = b == '\n' ? 0 : Math.min(column + 1, CODE_LENGTH);
            }
            return count;
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }
    }

    /** A peer says what is no reply. */
    static final class NoReplyException extends IOException {
        NoReplyException() {
            super("its reply is none of SMTP");
        }
    }

    /** A peer says more than any reply has. */
    static final class ReplyTooLongException extends IOException {
        ReplyTooLongException() {
            super("the reply is too long");
        }
    }
}
