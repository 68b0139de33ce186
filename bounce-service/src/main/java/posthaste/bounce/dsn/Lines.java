package posthaste.bounce.dsn;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Lines of text and of fields, ended by CRLF and never longer than SMTP lets through. */
final class Lines {
    /** Where a line is broken if a space allows it (RFC 5322 section 2.1.1). */
    static final int WIDTH = 76;

    /** Octets at which even a word is broken: 998 (RFC 5322 section 2.1.1) and some room. */
    static final int WORD_LIMIT = 900;

    /** Characters kept of a value: the longest that we make ourselves has about 1,100. */
    private static final int VALUE_LIMIT = 2000;

    /** Between a character and the space behind it, which so begins the next word. */
    private static final Pattern WORDS = Pattern.compile("(?<=[^ ])(?= )");

    private final StringBuilder out = new StringBuilder();

    /** A field, folded before spaces. */
    Lines field(String name, String value) {
        String text = Inert.line(value, VALUE_LIMIT);
        if (!text.isEmpty()) {
            out.append(name).append(": ");
            wrap(text, name.length() + 2, "", true);
        }
        return this;
    }

    /** A paragraph, each of its lines indented. */
    Lines text(String indent, String words) {
        out.append(indent);
        wrap(Inert.line(words, VALUE_LIMIT), indent.length(), indent, false);
        return this;
    }

    Lines blank() {
        out.append("\r\n");
        return this;
    }

    Lines append(Lines others) {
        out.append(others.out);
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }

    /**
     * Breaks at spaces.
     *
     * @param folded whether a continuation line keeps the space, so that unfolding gives back the
     *     value
     */
    private void wrap(String text, int startColumn, String indent, boolean folded) {
        int column = startColumn;
        boolean first = true;
        for (String word : WORDS.splitAsStream(text).toList()) {
            String next = word;
            if (!first && column + word.length() > WIDTH) {
                out.append("\r\n").append(indent);
                column = indent.length();
                next = folded ? word : word.stripLeading();
            }
            append(next);
            column += next.length();
            first = false;
        }
        out.append("\r\n");
    }

    private void append(String word) {
        int octets = 0;
        for (int i = 0; i < word.length(); ) {
            int c = word.codePointAt(i);
            i += Character.charCount(c);
            String character = Character.toString(c);
            octets += character.getBytes(StandardCharsets.UTF_8).length;
            if (octets > WORD_LIMIT) {
                out.append("\r\n ");
                octets = 0;
            }
            out.append(character);
        }
    }
}
