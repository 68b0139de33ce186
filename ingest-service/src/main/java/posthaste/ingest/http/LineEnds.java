package posthaste.ingest.http;

import posthaste.ingest.accept.MessageSink;
import posthaste.ingest.accept.Refusal;

/**
 * Ends each line by CRLF, as mail has it, where a file had LF; what is left is refused, as SMTP
 * refuses it: a CR alone, a NUL. Counts what comes.
 */
final class LineEnds {
    private static final int BLOCK = 16 * 1024;

    private final MessageSink sink;
    private final long most;
    private final byte[] block = new byte[BLOCK];
    private int inBlock;
    private long octets;
    private boolean behindCr;

    /**
     * Writes to {@code sink}.
     *
     * @param most octets that a message may have
     */
    LineEnds(MessageSink sink, long most) {
        this.sink = sink;
        this.most = most;
    }

    void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            if (behindCr && b != '\n') {
                throw new Refusal(550, "5.5.2 a CR without LF in the message");
            }
            if (b == 0) {
                throw new Refusal(550, "5.5.2 a NUL in the message");
            }
            if (b == '\n' && !behindCr) {
                put((byte) '\r');
            }
            put(b);
            behindCr = b == '\r';
        }
    }

    /** Nothing follows. */
    void end() {
        if (behindCr) {
            throw new Refusal(550, "5.5.2 a CR without LF in the message");
        }
        flush();
    }

    private void put(byte b) {
        if (++octets > most) {
            throw new Refusal(552, "5.3.4 the message is larger than " + most + " octets");
        }
        if (inBlock == BLOCK) {
            flush();
        }
        block[inBlock++] = b;
    }

    private void flush() {
        sink.write(block, 0, inBlock);
        inBlock = 0;
    }
}
