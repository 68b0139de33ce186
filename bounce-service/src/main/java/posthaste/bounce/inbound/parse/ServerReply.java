package posthaste.bounce.inbound.parse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server said, found in a text around it.
 *
 * @param code 0 when there is none
 * @param status an empty text when there is none
 * @param text without both
 */
record ServerReply(int code, String status, String text) {
    static final ServerReply NONE = new ServerReply(0, "", "");

    private static final Pattern CODE =
            Pattern.compile(
                    "(?<![\\w.@=/-])([245]\\d\\d)(?=[ \\-:,;)\\]'\"<]|$)", Pattern.MULTILINE);
    private static final Pattern STATUS =
            Pattern.compile("(?<![\\w.])([245]\\.\\d{1,3}\\.\\d{1,3})(?![\\w]|\\.\\d)");

    /** What leads to a reply in the reports of the world. */
    private static final Pattern LEAD =
            Pattern.compile(
                    "(?:said:?|says:?|<<<|>>>|responded|response:?|returned:?|error:?|reason:|code"
                            + " ?:|was:|failure:|message:|out:|:|\\[|\\(|'|\")\\s*\\(?$");

    private static final Pattern LINE = Pattern.compile("^[245]\\d\\d[ -]");
    private static final Pattern LAST = Pattern.compile("^[245]\\d\\d ");

    private static final int LIMIT = 1_000;

    boolean found() {
        return code > 0 || !status.isEmpty();
    }

    /** The most plausible reply in a text of lines; {@link #NONE} where there is none. */
    static ServerReply in(String text) {
        Matcher codes = CODE.matcher(text);
        int best = 0;
        int bestAt = -1;
        int tried = 0;
        while (codes.find() && tried++ < 200) {
            int score = score(text, codes.start(), codes.end());
            if (score > best) {
                best = score;
                bestAt = codes.start();
            }
        }
        if (bestAt < 0) {
            return byStatusAlone(text);
        }
        int code = Integer.parseInt(text.substring(bestAt, bestAt + 3));
        String rest = sentence(text, bestAt + 3);
        Matcher status = STATUS.matcher(rest);
        String found = "";
        while (status.find()) {
            boolean sameClass = status.group(1).charAt(0) == Character.forDigit(code / 100, 10);
            if (sameClass || found.isEmpty()) {
                found = status.group(1);
            }
            if (sameClass) {
                break;
            }
        }
        return new ServerReply(code, found, trimmed(rest, found));
    }

    private static ServerReply byStatusAlone(String text) {
        Matcher status = STATUS.matcher(text);
        if (!status.find()) {
            return NONE;
        }
        String rest = sentence(text, status.end());
        if (rest.length() < 4) {
            // (#5.1.1) ends what it tells.
            rest = sentence(text, Math.max(0, text.lastIndexOf('\n', status.start())));
        }
        return new ServerReply(0, status.group(1), trimmed(rest, ""));
    }

    private static int score(String text, int start, int end) {
        int lineStart = text.lastIndexOf('\n', start - 1) + 1;
        String before = Ascii.lower(text.substring(Math.max(lineStart, start - 30), start)).strip();
        int score = 0;
        boolean separated = end < text.length() && " -:".indexOf(text.charAt(end)) >= 0;
        int next = end + 1;
        if (next < text.length() && text.charAt(next) == '#') {
            next++;
        }
        Matcher status = STATUS.matcher(text).region(Math.min(next, text.length()), text.length());
        status.useTransparentBounds(true);
        if (separated && status.lookingAt()) {
            score += 5;
        }
        if (before.isEmpty()) {
            score += 4;
        } else if (LEAD.matcher(before).find()) {
            score += 3;
        }
        if (text.charAt(start) == '2' || (start + 3 == text.length() && score < 3)) {
            score = Math.min(score, 1);
        }
        return score;
    }

    /** From a place to the end of its paragraph, transcript marks taken off, bounded. */
    private static String sentence(String text, int from) {
        StringBuilder out = new StringBuilder();
        int i = Math.min(from, text.length());
        boolean first = true;
        // 550-one, 550 two: the lines of one reply; without the hyphen a line is the last.
        boolean more = i < text.length() && text.charAt(i) == '-';
        while (i < text.length() && out.length() < LIMIT) {
            int end = text.indexOf('\n', i);
            if (end < 0) {
                end = text.length();
            }
            String line = text.substring(i, end).strip();
            if (line.startsWith("<<<")) {
                line = line.substring(3).strip();
            }
            if (!first && line.isEmpty() && more && end + 1 < text.length()) {
                i = end + 1;
                continue;
            }
            if (!first
                    && (line.isEmpty()
                            || endsReply(line)
                            || (!more && LINE.matcher(line).find()))) {
                break;
            }
            out.append(first ? "" : " ").append(line);
            first = first && line.isEmpty();
            more &= !LAST.matcher(line).find();
            i = end + 1;
        }
        String found = out.toString();
        return found.length() > LIMIT ? found.substring(0, LIMIT) : found;
    }

    private static boolean endsReply(String line) {
        return line.startsWith(">>>")
                || line.startsWith("---")
                || line.startsWith("===")
                || line.startsWith("***")
                || line.startsWith("In:")
                || line.startsWith("I'm not going to try again")
                || line.startsWith("Giving up on");
    }

    private static String trimmed(String text, String status) {
        String out = text.strip();
        int i = 0;
        // "550 : User unknown" is how one provider's filter says it; its colon is telling.
        boolean telling = text.startsWith(" :");
        while (!telling && i < out.length() && i < 3 && "-:,;)]'\"# ".indexOf(out.charAt(i)) >= 0) {
            i++;
        }
        out = out.substring(i);
        return !status.isEmpty() && out.startsWith(status)
                ? out.substring(status.length()).strip()
                : out;
    }
}
