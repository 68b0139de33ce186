package posthaste.bounce.inbound.parse;

import java.util.ArrayList;
import java.util.List;

/** Finds addresses in a line of any text: from each {@code @} to both sides, once. */
final class Addresses {
    /** An address and its place, brackets not included. */
    record Found(String address, int start, int end) {}

    private static final int LOCAL_LIMIT = 128;
    private static final int MOST = 50;
    private static final String GATEWAY = "smtp=";

    private Addresses() {}

    static List<Found> in(String line) {
        List<Found> found = new ArrayList<>();
        int from = 0;
        for (int at = line.indexOf('@');
                at >= 0 && found.size() < MOST;
                at = line.indexOf('@', at + 1)) {
            int start = localStart(line, at, from);
            int end = domainEnd(line, at);
            if (start < at && end > at + 1) {
                String local = line.substring(start, at);
                String address = local + line.substring(at, end);
                boolean bracketed =
                        start > 0
                                && end < line.length()
                                && line.charAt(start - 1) == '<'
                                && line.charAt(end) == '>';
                if (bracketed || (line.indexOf('.', at) < end && line.indexOf('.', at) > 0)) {
                    found.add(new Found(address, start, end));
                    from = end;
                }
            }
        }
        return found;
    }

    /** The first address in a text, or an empty text. */
    static String first(String text) {
        List<Found> found = in(text);
        return found.isEmpty() ? "" : found.getFirst().address();
    }

    private static int localStart(String line, int at, int from) {
        int least = Math.max(from, at - LOCAL_LIMIT);
        if (at > least && line.charAt(at - 1) == '"') {
            int open = line.lastIndexOf('"', at - 2);
            return open >= least ? open : at;
        }
        int start = at;
        while (start > least && isLocal(line.charAt(start - 1))) {
            start--;
        }
        // Quotes and pipes around an address are no part of it.
        while (start < at && "'`|*.=/".indexOf(line.charAt(start)) >= 0) {
            if (line.startsWith("=?", start)) {
                break;
            }
            start++;
        }
        // X.400 writes of a gateway's address: dda:SMTP=user@example.org.
        return line.regionMatches(true, start, GATEWAY, 0, GATEWAY.length())
                ? start + GATEWAY.length()
                : start;
    }

    private static boolean isLocal(char c) {
        return c > 0x7f
                ? Character.isLetterOrDigit(c)
                : Character.isLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".indexOf(c) >= 0;
    }

    private static int domainEnd(String line, int at) {
        int end = at + 1;
        if (end < line.length() && line.charAt(end) == '[') {
            int close = line.indexOf(']', end);
            return close > 0 && close - end < 64 ? close + 1 : at;
        }
        while (end < line.length() && end - at < 256 && isDomain(line.charAt(end))) {
            end++;
        }
        while (end > at + 1 && ".-".indexOf(line.charAt(end - 1)) >= 0) {
            end--;
        }
        return end;
    }

    private static boolean isDomain(char c) {
        return Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_';
    }
}
