package posthaste.outbound.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A message as it stands on the wire (RFC 5321 sections 2.3.8 and 4.5.2): a dot that begins a line
 * is doubled, a lone CR or LF becomes CRLF, and the last line has an end. What needs none of this
 * is passed on in the pieces that it comes in, uncopied.
 */
final class MessageStream extends OutputStream {
    private static final byte CR = '\r';
    private static final byte LF = '\n';
    private static final byte DOT = '.';

    private final OutputStream peer;

    /** The octet before; at first as if a line had ended. */
    private byte last = LF;

    MessageStream(OutputStream peer) {
        this.peer = peer;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            pass(bytes, offset, offset + length);
        } catch (IOException e) {
            throw new PeerGoneException(e);
        }
    }

    /** Ends the last line; the final dot is not of the message. */
    void end() throws IOException {
        try {
            if (last == CR) {
                peer.write(LF);
            } else if (last != LF) {
                peer.write(CR);
                peer.write(LF);
            }
            last = LF;
            peer.flush();
        } catch (IOException e) {
            throw new PeerGoneException(e);
        }
    }

    private void pass(byte[] bytes, int from, int to) throws IOException {
        int passed = from;
        byte before = last;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b <= DOT) {
                if (isAmiss(before, b)) {
                    peer.write(bytes, passed, i - passed);
                    mend(before, b);
                    passed = i;
                }
            } else if (before == CR) {
                peer.write(bytes, passed, i - passed);
                peer.write(LF);
                passed = i;
            }
            before = b;
        }
        peer.write(bytes, passed, to - passed);
        last = before;
    }

    private static boolean isAmiss(byte before, byte b) {
        return (b == LF) != (before == CR) || (b == DOT && before == LF);
    }

    /** What is to stand before {@code b}, which is not written yet. */
    private void mend(byte before, byte b) throws IOException {
        if (b == LF) {
            peer.write(CR);
            return;
        }
        if (before == CR) {
            peer.write(LF);
        }
        if (b == DOT && (before == CR || before == LF)) {
            peer.write(DOT);
        }
    }

    /** The connection has failed, rather than the body. */
    static final class PeerGoneException extends IOException {
        PeerGoneException(IOException cause) {
            super(cause);
        }
    }
}
