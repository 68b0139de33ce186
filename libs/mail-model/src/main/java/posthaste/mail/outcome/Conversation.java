package posthaste.mail.outcome;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What both sides said during an attempt, as far as it is kept: bounded, without what must not be
 * told, and harmless to show.
 */
public record Conversation(List<Line> lines) {
    /** Of an attempt that was not recorded. */
    public static final Conversation NONE = new Conversation(List.of());

    /** In octets of UTF-8, without the remark that something was cut off. */
    public static final int LINE_LIMIT = 200;

    public static final int MOST_LINES = 40;

    /** In octets of UTF-8. */
    public static final int LIMIT = 4096;

    /** Who said it. */
    public enum Side {
        WE('>'),
        THEY('<'),
        /** Nobody: a remark of ours on what happened. */
        NOTE('*');

        private final char sign;

        Side(char sign) {
            this.sign = sign;
        }

        static Side of(char sign) {
            for (Side side : values()) {
                if (side.sign == sign) {
                    return side;
                }
            }
            throw new IllegalArgumentException("no side " + sign);
        }
    }

    /**
     * One line.
     *
     * @param millis since the attempt began
     * @param text without control characters
     */
    public record Line(long millis, Side side, String text) {}

    public Conversation {
        lines = List.copyOf(lines);
    }

    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /** A line each: {@code 12>EHLO mx.example.org}. */
    @Override
    public String toString() {
        return lines.stream()
                .map(line -> line.millis() + String.valueOf(line.side().sign) + line.text())
                .collect(Collectors.joining("\n"));
    }

    /** What {@link #toString} wrote; a line that is none is left out. */
    public static Conversation parse(String written) {
        List<Line> lines = new ArrayList<>();
        for (String one : written.split("\n", -1)) {
            int sign = 0;
            while (sign < one.length() && one.charAt(sign) >= '0' && one.charAt(sign) <= '9') {
                sign++;
            }
            if (sign > 0
                    && sign < 16
                    && sign < one.length()
                    && "><*".indexOf(one.charAt(sign)) >= 0) {
                lines.add(
                        new Line(
                                Long.parseLong(one, 0, sign, 10),
                                Side.of(one.charAt(sign)),
                                one.substring(sign + 1)));
            }
        }
        return new Conversation(lines);
    }

    /** As it is kept: of too many lines, or too many octets, the first and the last. */
    public static Conversation bounded(List<Line> said) {
        List<Line> cut = said.stream().map(Conversation::cut).toList();
        int all = cut.stream().mapToInt(line -> octets(line.text()) + 12).sum();
        if (cut.size() <= MOST_LINES && all <= LIMIT - 60) {
            return new Conversation(cut);
        }
        int head = 0;
        int tail = 0;
        int octets = 0;
        // By turns from both ends, since what went wrong stands at the end.
        while (head + tail < Math.min(cut.size(), MOST_LINES - 1)) {
            boolean fromTail = tail <= head;
            Line next = fromTail ? cut.get(cut.size() - 1 - tail) : cut.get(head);
            octets += octets(next.text()) + 12;
            if (octets > LIMIT - 60) {
                break;
            }
            tail += fromTail ? 1 : 0;
            head += fromTail ? 0 : 1;
        }
        int left = cut.size() - head - tail;
        List<Line> kept = new ArrayList<>(cut.subList(0, head));
        kept.add(new Line(cut.get(head).millis(), Side.NOTE, left + " lines are left out"));
        kept.addAll(cut.subList(cut.size() - tail, cut.size()));
        return new Conversation(kept);
    }

    private static Line cut(Line line) {
        String text = line.text();
        if (octets(text) <= LINE_LIMIT) {
            return line;
        }
        int end = 0;
        int octets = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            octets += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (octets > LINE_LIMIT) {
                break;
            }
            end += Character.charCount(c);
        }
        return new Line(line.millis(), line.side(), text.substring(0, end) + " ...");
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
