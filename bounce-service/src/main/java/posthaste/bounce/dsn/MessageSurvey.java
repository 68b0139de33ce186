package posthaste.bounce.dsn;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Reads over a message as it was stored: keeps its header section, bounded, and sees whether the
 * whole may stand in a mail as it is.
 */
final class MessageSurvey extends OutputStream {
    /** Thrown to end the reading once the header section is known and no more is wanted. */
    static final class HeaderSectionRead extends IOException {
        private HeaderSectionRead() {
            super("the header section is read");
        }
    }

    /** Octets of a line without its CRLF (RFC 5322 section 2.1.1). */
    private static final int LINE_LIMIT = 998;

    private final int headerLimit;
    private final boolean headersOnly;
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private boolean headerEnded;
    private boolean headerCut;
    private boolean eightBit;
    private boolean unfit;
    private int lastLineEnd;
    private int lineLength;
    private int previous = -1;

    /**
     * Begins before the first octet.
     *
     * @param headerLimit octets of the header section to keep, at most
     * @param headersOnly whether to stop reading, by {@link HeaderSectionRead}, where it ends
     */
    MessageSurvey(int headerLimit, boolean headersOnly) {
        this.headerLimit = headerLimit;
        this.headersOnly = headersOnly;
    }

    /** Surveys what is in memory already. */
    static MessageSurvey of(byte[] content) {
        MessageSurvey survey = new MessageSurvey(0, false);
        for (byte octet : content) {
            survey.take(octet & 0xff);
        }
        return survey;
    }

    @Override
    public void write(int octet) throws IOException {
        if (headersOnly && (headerEnded || headerCut)) {
            throw new HeaderSectionRead();
        }
        take(octet & 0xff);
    }

    private void take(int c) {
        boolean endsLine = previous == '\r' && c == '\n';
        boolean bareLineEnd = !endsLine && (previous == '\r' || c == '\n');
        unfit |= bareLineEnd || c == 0;
        eightBit |= c > 0x7f;
        if (endsLine) {
            keep(c);
            if (lineLength == 1) {
                headerEnded = true;
            }
            lineLength = 0;
            lastLineEnd = header.size();
        } else {
            lineLength++;
            int textLength = c == '\r' ? lineLength - 1 : lineLength;
            unfit |= textLength > LINE_LIMIT;
            keep(c);
        }
        previous = c;
    }

    /** Octets of the header section: whole lines, where it has lines, without the empty one. */
    byte[] headerSection() {
        byte[] read = header.toByteArray();
        int end = read.length;
        if (headerEnded) {
            end -= 2;
        } else if (headerCut && lastLineEnd > 0) {
            end = lastLineEnd;
        }
        return Arrays.copyOf(read, end);
    }

    /** Whether the header section went on beyond the limit. */
    boolean headerCut() {
        return headerCut;
    }

    /** Whether an octet read so far is not ASCII. */
    boolean eightBit() {
        return eightBit;
    }

    /** Whether what was read can stand in a mail as it is: lines by CRLF, none too long, no NUL. */
    boolean fit() {
        return !unfit && previous != '\r';
    }

    private void keep(int c) {
        if (headerEnded || headerCut) {
            return;
        }
        if (header.size() == headerLimit) {
            headerCut = true;
        } else {
            header.write(c);
        }
    }
}
