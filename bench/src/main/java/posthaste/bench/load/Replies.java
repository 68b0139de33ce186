package posthaste.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Reads a server's replies (RFC 5321 section 4.2), of which only the codes count. */
final class Replies {
    private static final int BLOCK = 4096;
    private static final int CODE_LENGTH = 3;

    /** More than a line is not looked at; it only has to fit. */
    private static final int LINE_LIMIT = 64 * 1024;

    /** What is done with a reply. */
    interface Reader {
        void reply(int code) throws IOException;
    }

    private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
    private int column;
    private int code;
    private boolean goesOn;

    void reset() {
        block.clear();
        column = 0;
        code = 0;
        goesOn = false;
    }

    /** Reads what has come; {@code reader} is called for each reply that is whole. */
    void readFrom(SocketChannel channel, Reader reader) throws IOException {
        block.clear();
        if (channel.read(block) < 0) {
            throw new EOFException("the server has closed");
        }
        block.flip();
        while (block.hasRemaining() && channel.isOpen()) {
            byte b = block.get();
            if (b == '\n') {
                int whole = code;
                boolean isLast = !goesOn;
                column = 0;
                code = 0;
                goesOn = false;
                if (isLast) {
                    reader.reply(whole);
                }
            } else {
                take(b);
            }
        }
    }

    private void take(byte b) throws IOException {
        if (column < CODE_LENGTH) {
            if (b < '0' || b > '9') {
                throw new IOException("what came is no SMTP reply");
            }
            code = code * 10 + b - '0';
        } else if (column == CODE_LENGTH) {
            goesOn = b == '-';
        }
        if (++column > LINE_LIMIT) {
            throw new IOException("a reply line has no end");
        }
    }
}
