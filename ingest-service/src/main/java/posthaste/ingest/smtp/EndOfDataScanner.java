package posthaste.ingest.smtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the end of a message, CRLF.CRLF and nothing else, and takes the stuffed dots out (RFC 5321
 * section 4.5.2). A pure automaton: blocks may end anywhere, also within the end of data.
 *
 * <p>A CR or LF that stands alone, and NUL, are flaws: what one server takes for the end of data
 * another may not ("SMTP smuggling"), so such a message is to be refused, but it goes on until the
 * true end.
 */
final class EndOfDataScanner {
    /** Where the content of a message goes. */
    interface Content {
        /** Octets of the message. */
        void octets(byte[] block, int offset, int length);

        /** Something that no message may hold. */
        void flaw(Flaw flaw);
    }

    /** What no message may hold. */
    enum Flaw {
        BARE_CR,
        BARE_LF,
        NUL
    }

    private enum Place {
        LINE_START,
        WITHIN_LINE,
        /** After a CR that may begin a line end. */
        AFTER_CR,
        /** After a dot that stood first in its line. */
        AFTER_DOT,
        /** After such a dot and a CR; neither has been passed on. */
        AFTER_DOT_CR
    }

    /** Eight octets at a time: a line of 80 takes ten steps. */
    private static final VarHandle WORDS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ALL_14 = 0x0e0e0e0e0e0e0e0eL;
    private static final long ALL_HIGH_BITS = 0x8080808080808080L;

    private Place place = Place.LINE_START;
    private boolean found;

    /** Whether the end of data was found. */
    boolean found() {
        return found;
    }

    /**
     * Passes the content of a block on.
     *
     * @return where it stopped: after the end of data, else {@code to}
     */
    int scan(byte[] block, int from, int to, Content content) {
        int begin = from;
        int i = from;
        while (i < to) {
            byte b = block[i];
            switch (place) {
                case LINE_START -> {
                    if (b == '.') {
                        pass(block, begin, i, content);
                        begin = i + 1;
                        place = Place.AFTER_DOT;
                    } else {
                        within(b, content);
                    }
                    i++;
                }
                case WITHIN_LINE -> {
                    i = nextControl(block, i, to);
                    if (i < to) {
                        within(block[i], content);
                        i++;
                    }
                }
                case AFTER_CR -> {
                    if (b == '\n') {
                        place = Place.LINE_START;
                    } else {
                        content.flaw(Flaw.BARE_CR);
                        within(b, content);
                    }
                    i++;
                }
                case AFTER_DOT -> {
                    if (b == '\r') {
                        place = Place.AFTER_DOT_CR;
                    } else {
                        within(b, content);
                    }
                    i++;
                }
                case AFTER_DOT_CR -> {
                    i++;
                    if (b == '\n') {
                        found = true;
                        return i;
                    }
                    content.flaw(Flaw.BARE_CR);
                    within(b, content);
                }
            }
        }
        if (place != Place.AFTER_DOT_CR) {
            pass(block, begin, to, content);
        }
        return to;
    }

    /** An octet that is neither the first dot of a line nor the LF of a line end. */
    private void within(byte b, Content content) {
        place = b == '\r' ? Place.AFTER_CR : Place.WITHIN_LINE;
        if (b == '\n') {
            content.flaw(Flaw.BARE_LF);
        } else if (b == 0) {
            content.flaw(Flaw.NUL);
        }
    }

    private static void pass(byte[] block, int from, int to, Content content) {
        if (from < to) {
            content.octets(block, from, to - from);
        }
    }

    /** The next CR, LF or NUL, else {@code to}. */
    static int nextControl(byte[] block, int from, int to) {
        int i = from;
        while (i < to) {
            if (i + Long.BYTES <= to && noneBelow14((long) WORDS.get(block, i))) {
                i += Long.BYTES;
                continue;
            }
            int end = Math.min(to, i + Long.BYTES);
            for (; i < end; i++) {
                byte b = block[i];
                if (b == '\r' || b == '\n' || b == 0) {
                    return i;
                }
            }
        }
        return to;
    }

    /** Whether none of eight octets is below 14 (Bit Twiddling Hacks, "hasless"). */
    private static boolean noneBelow14(long word) {
        return ((word - ALL_14) & ~word & ALL_HIGH_BITS) == 0;
    }
}
