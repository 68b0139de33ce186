package posthaste.outbound.smtp;

import java.io.IOException;
import java.io.OutputStream;
import posthaste.body.StoredBody;

/** Looks whether a message's header is ASCII; no further than its end. */
final class AsciiHeader extends OutputStream {
    private boolean ascii = true;
    private boolean ended;
    private int lineLength;

    private AsciiHeader() {}

    /**
     * Reads the message up to the end of its header.
     *
     * @throws IOException when it cannot be read
     */
    static boolean isIn(StoredBody message) throws IOException {
        AsciiHeader header = new AsciiHeader();
        try {
            message.writeTo(header);
        } catch (SeenEnoughException _) {
            return header.ascii;
        }
        return header.ascii;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length && !ended && ascii; i++) {
            switch (bytes[i]) {
                case '\n' -> {
                    ended = lineLength == 0;
                    lineLength = 0;
                }
                case '\r' -> {
                    // Belongs to the end of the line.
                }
                default -> {
                    ascii = bytes[i] >= 0;
                    lineLength++;
                }
            }
        }
        if (ended || !ascii) {
            throw new SeenEnoughException();
        }
    }

    /** Ends the reading. */
    private static final class SeenEnoughException extends IOException {
        SeenEnoughException() {
            super("the rest does not matter");
        }
    }
}
