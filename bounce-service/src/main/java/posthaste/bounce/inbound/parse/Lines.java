package posthaste.bounce.inbound.parse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A mail as lines, whatever ends them: CRLF, LF, CR, or a CRLF whose CR was doubled. Lines are
 * places in the bytes; nothing is copied.
 */
final class Lines {
    /** CRs before an LF that still are one line's end: more are lines of their own. */
    private static final int DOUBLED = 4;

    private final byte[] bytes;
    private int[] starts = new int[256];
    private int[] ends = new int[256];
    private int count;

    Lines(byte[] bytes) {
        this.bytes = bytes;
        int limit = Math.min(bytes.length, Bounds.MAIL);
        int start = 0;
        for (int i = 0; i < limit && count < Bounds.LINES; i++) {
            byte c = bytes[i];
            if (c != '\r' && c != '\n') {
                continue;
            }
            add(start, i);
            if (c == '\r') {
                int next = i + 1;
                while (next < limit && next - i < DOUBLED && bytes[next] == '\r') {
                    next++;
                }
                if (next < limit && bytes[next] == '\n') {
                    i = next;
                }
            }
            start = i + 1;
        }
        if (start < limit && count < Bounds.LINES) {
            add(start, limit);
        }
    }

    private void add(int start, int end) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
        }
        starts[count] = start;
        ends[count] = Math.min(end, start + Bounds.LINE);
        count++;
    }

    int count() {
        return count;
    }

    boolean isBlank(int line) {
        for (int i = starts[line]; i < ends[line]; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    int length(int line) {
        return ends[line] - starts[line];
    }

    byte at(int line, int column) {
        return bytes[starts[line] + column];
    }

    /** A line with each octet as one character. */
    String raw(int line) {
        return new String(
                bytes, starts[line], ends[line] - starts[line], StandardCharsets.ISO_8859_1);
    }

    /** Copies lines, each ended by LF, up to a limit of octets. */
    byte[] copy(int from, int to, int limit) {
        int size = 0;
        int last = from;
        while (last < to && size + length(last) + 1 <= limit) {
            size += length(last) + 1;
            last++;
        }
        byte[] out = new byte[size];
        int at = 0;
        for (int line = from; line < last; line++) {
            System.arraycopy(bytes, starts[line], out, at, length(line));
            at += length(line);
            out[at++] = '\n';
        }
        return out;
    }
}
