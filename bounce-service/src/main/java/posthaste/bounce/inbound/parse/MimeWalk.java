package posthaste.bounce.inbound.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The parts of a mail that have no parts, in their order. A multipart whose boundary never comes,
 * or that lies deeper than {@link Bounds#DEPTH}, is read as one text.
 */
final class MimeWalk {
    private final Lines lines;
    private final List<Part> leaves = new ArrayList<>();

    private MimeWalk(Lines lines) {
        this.lines = lines;
    }

    static List<Part> leaves(Lines lines, Header header, int from, int to) {
        MimeWalk walk = new MimeWalk(lines);
        walk.body(header, from, to, 0);
        return walk.leaves;
    }

    private void body(Header header, int from, int to, int depth) {
        if (leaves.size() >= Bounds.PARTS) {
            return;
        }
        ContentType type = ContentType.of(header);
        if (type.isMultipart() && depth < Bounds.DEPTH) {
            if (hasParts(type.boundary(), from, to, depth)
                    || hasParts(guessed(from, to), from, to, depth)) {
                return;
            }
            type = type.asText();
        }
        leaves.add(new Part(lines, header, type, from, to, depth == 0));
    }

    private boolean hasParts(String boundary, int from, int to, int depth) {
        return !boundary.isBlank() && multipart("--" + boundary.stripTrailing(), from, to, depth);
    }

    private boolean multipart(String delimiter, int from, int to, int depth) {
        int partStart = -1;
        for (int line = from; line < to; line++) {
            int is = delimiter(line, delimiter);
            if (is == NO) {
                continue;
            }
            if (partStart >= 0) {
                part(partStart, line, depth);
            } else if (line > from) {
                preamble(from, line);
            }
            if (is == CLOSE) {
                return true;
            }
            partStart = line + 1;
        }
        if (partStart < 0) {
            return false;
        }
        part(partStart, to, depth);
        return true;
    }

    /** Some write their report where no mail reader shows it. */
    private void preamble(int from, int to) {
        if (to - from > 3) {
            leaves.add(new Part(lines, Header.NONE, ContentType.of(Header.NONE), from, to, false));
        }
    }

    private void part(int from, int to, int depth) {
        Header header = Header.read(lines, from, to);
        body(header, Math.min(header.end(), to), to, depth + 1);
    }

    private static final int NO = 0;
    private static final int OPEN = 1;
    private static final int CLOSE = 2;

    private int delimiter(int line, String delimiter) {
        int start = 0;
        int length = lines.length(line);
        while (start < length && start < 2 && lines.at(line, start) == ' ') {
            start++;
        }
        int size = delimiter.length();
        if (length - start < size) {
            return NO;
        }
        for (int i = 0; i < size; i++) {
            if ((lines.at(line, start + i) & 0xff) != delimiter.charAt(i)) {
                return NO;
            }
        }
        int rest = start + size;
        boolean close =
                length - rest >= 2
                        && lines.at(line, rest) == '-'
                        && lines.at(line, rest + 1) == '-';
        for (int i = close ? rest + 2 : rest; i < length; i++) {
            if (lines.at(line, i) != ' ' && lines.at(line, i) != '\t') {
                return NO;
            }
        }
        return close ? CLOSE : OPEN;
    }

    /** A boundary that the header forgot: the first line of its form with a field below. */
    private String guessed(int from, int to) {
        for (int line = from; line + 1 < to && line < from + 50; line++) {
            if (lines.length(line) > 4 && lines.at(line, 0) == '-' && lines.at(line, 1) == '-') {
                String below = lines.raw(line + 1).toLowerCase(Locale.ROOT);
                if (below.startsWith("content-")) {
                    return lines.raw(line).substring(2);
                }
            }
        }
        return "";
    }
}
