package posthaste.bounce.dsn;

import posthaste.mail.text.VisibleText;

/**
 * Text that others wrote, made fit to be quoted: nothing in it ends a line, hides what follows, or
 * means anything to a parser or a terminal.
 */
final class Inert {
    private Inert() {}

    /** One line of at most {@code limit} characters; what cannot be seen becomes a space. */
    static String line(String text, int limit) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), limit));
        for (int i = 0; i < text.length() && out.length() < limit; ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (out.length() + Character.charCount(c) <= limit) {
                out.appendCodePoint(VisibleText.isVisible(c) ? c : ' ');
            }
        }
        return out.toString().strip();
    }

    /** The same with {@code ?} for what ASCII does not have. */
    static String ascii(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.append(c < 0x80 ? (char) c : '?'));
        return out.toString();
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
