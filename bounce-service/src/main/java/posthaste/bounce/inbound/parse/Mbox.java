package posthaste.bounce.inbound.parse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Several mails in one file (RFC 4155): each begins with a line {@code From address date}, which
 * stands first or behind an empty line.
 */
public final class Mbox {
    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);

    /** An address, and a date that ends with a year, perhaps a zone. */
    private static final Pattern SEPARATOR =
            Pattern.compile(
                    "From \\S{1,320} {1,4}[A-Z][a-z]{2} .{0,40}\\d\\d:\\d\\d.{0,40}\\b(?:19|20)\\d\\d\\b.{0,20}");

    private static final int LONGEST_SEPARATOR = 500;

    private Mbox() {}

    /**
     * Takes a file apart.
     *
     * @param most mails that are looked for; what follows is passed over
     * @return the file itself when it is no mbox
     */
    public static List<byte[]> mails(byte[] file, int most) {
        if (!Arrays.equals(file, 0, Math.min(file.length, FROM.length), FROM, 0, FROM.length)) {
            return List.of(file);
        }
        List<byte[]> mails = new ArrayList<>();
        int begin = 0;
        boolean emptyBefore = false;
        int line = nextLine(file, 0);
        while (line < file.length && mails.size() < most - 1) {
            int next = nextLine(file, line);
            if (emptyBefore && isSeparator(file, line, next)) {
                mails.add(Arrays.copyOfRange(file, begin, line));
                begin = line;
            }
            emptyBefore = file[line] == '\n' || file[line] == '\r';
            line = next;
        }
        mails.add(begin == 0 ? file : Arrays.copyOfRange(file, begin, file.length));
        return mails;
    }

    private static boolean isSeparator(byte[] file, int from, int to) {
        if (to - from > LONGEST_SEPARATOR
                || to - from < FROM.length
                || !Arrays.equals(file, from, from + FROM.length, FROM, 0, FROM.length)) {
            return false;
        }
        String line = new String(file, from, to - from, StandardCharsets.ISO_8859_1).strip();
        return SEPARATOR.matcher(line).matches();
    }

    /** Behind the line's end, be it LF, CR or CRLF. */
    private static int nextLine(byte[] file, int from) {
        int at = from;
        while (at < file.length && file[at] != '\n' && file[at] != '\r') {
            at++;
        }
        boolean pair = at + 1 < file.length && file[at] == '\r' && file[at + 1] == '\n';
        return Math.min(file.length, at + (pair ? 2 : 1));
    }
}
