package posthaste.bounce.inbound.rules;

import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * What a server's reply says to everybody: without the addresses, ids and numbers of this one mail,
 * so that millions of replies are some thousands of templates. What stands in for them is neither a
 * word nor anything that a rule looks for; short codes ({@code 5.7.1}, {@code S3140}, {@code
 * TSS04}) stay, since rules and people know them.
 */
public final class ReplyTemplate {
    /** Replies of sense say what they have to say before that. */
    private static final int LENGTH = 400;

    /** Looked at: what is taken out makes room for what stands behind it. */
    private static final int LOOKED_AT = 2_000;

    private static final int WORDS = 20;

    /** From this length on, letters and digits together are an id. */
    private static final int ID_LENGTH = 8;

    /** From this length on, digits alone are a number. */
    private static final int NUMBER_LENGTH = 4;

    private static final int HEX_ID_LENGTH = 6;

    private static final Pattern HEX = Pattern.compile("[0-9A-F]+|[0-9a-f]+");

    private static final Pattern PIECES = Pattern.compile("[^\\p{L}\\p{N}]");

    /** Begins a reply as people copy it: not part of the text. */
    private static final Pattern CODE = Pattern.compile("^[245]\\d\\d[ -]");

    private ReplyTemplate() {}

    /** The template of a text. */
    public static String of(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), LENGTH));
        int end = Math.min(text.length(), LOOKED_AT);
        int at = 0;
        while (at < end && out.length() < LENGTH) {
            char c = text.charAt(at);
            if (isPart(c)) {
                int from = at;
                while (at < end && isPart(text.charAt(at))) {
                    at++;
                }
                // A full stop or a colon that ends a sentence belongs to no token.
                int to = at;
                while (to > from && isTrailing(text.charAt(to - 1))) {
                    to--;
                }
                out.append(token(text.substring(from, to))).append(text, to, at);
            } else {
                boolean blank = c <= ' ' || c == 0x7f || Character.isWhitespace(c);
                if (!blank) {
                    out.append(c);
                } else if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
                    out.append(' ');
                }
                at++;
            }
        }
        String template = out.length() > LENGTH ? out.substring(0, LENGTH) : out.toString();
        return template.strip();
    }

    /**
     * As PostgreSQL's {@code to_tsquery} takes it: all of these words, the last of which may be a
     * beginning. Made by the same rule as the templates, so that a whole reply may be given.
     */
    public static String words(String given) {
        String text = of(CODE.matcher(given.strip()).replaceFirst("")).toLowerCase(Locale.ROOT);
        StringJoiner words = new StringJoiner(" & ");
        int count = 0;
        for (String word : text.split("[^\\p{L}\\p{N}]+", -1)) {
            if (!word.isEmpty() && count < WORDS) {
                words.add("'" + word + "'");
                count++;
            }
        }
        boolean lastIsWhole = count == WORDS || count == 0;
        return lastIsWhole ? words.toString() : words + ":*";
    }

    private static String token(String token) {
        if (token.isEmpty()) {
            return token;
        }
        int digits = 0;
        int letters = 0;
        int dots = 0;
        int colons = 0;
        int others = 0;
        boolean at = false;
        boolean hex = true;
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (Character.isLetter(c)) {
                letters++;
                hex &= (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            } else if (c == '.') {
                dots++;
            } else if (c == ':') {
                colons++;
            } else if (c == '@') {
                at = true;
            } else {
                others++;
            }
        }
        if (at) {
            return "x@x.x";
        }
        if (dots == 3 && digits >= 4 && letters == 0 && others == 0) {
            return "0.0.0.0";
        }
        if (colons >= 2 && hex && others == 0 && digits + letters > 0) {
            return "0::0";
        }
        if (letters == 0 && dots + colons + others == 0) {
            return digits >= NUMBER_LENGTH ? "0" : token;
        }
        // Codes of a status, a version, a date or a host keep their form, id by id.
        if (dots + colons + others > 0) {
            return parts(token);
        }
        return digits > 0
                        && (token.length() >= ID_LENGTH || digits > NUMBER_LENGTH || isHexId(token))
                ? "x0"
                : token;
    }

    /** A compound, piece by piece between its dots, colons and the like. */
    private static String parts(String token) {
        // Once a piece is an id, the numbers beside it are parts of it.
        boolean isId = false;
        for (String piece : PIECES.split(token, -1)) {
            isId |= !piece.isEmpty() && !token(piece).equals(piece);
        }
        StringBuilder out = new StringBuilder(token.length());
        int from = 0;
        for (int i = 0; i <= token.length(); i++) {
            if (i == token.length() || !Character.isLetterOrDigit(token.charAt(i))) {
                String piece = token.substring(from, i);
                boolean hasDigit = piece.chars().anyMatch(Character::isDigit);
                out.append(isId && hasDigit ? "0" : piece);
                if (i < token.length()) {
                    out.append(token.charAt(i));
                }
                from = i + 1;
            }
        }
        return out.toString();
    }

    /** As many queue ids are written: {@code 4F3A21C}. */
    private static boolean isHexId(String token) {
        return token.length() >= HEX_ID_LENGTH && HEX.matcher(token).matches();
    }

    private static boolean isPart(char c) {
        return Character.isLetterOrDigit(c)
                || c == '.'
                || c == '@'
                || c == ':'
                || c == '-'
                || c == '_'
                || c == '+'
                || c == '=';
    }

    private static boolean isTrailing(char c) {
        return c == '.' || c == ':' || c == '-';
    }
}
