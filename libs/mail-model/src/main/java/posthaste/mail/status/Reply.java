package posthaste.mail.status;

/**
 * A server's reply as it is recorded: on one line, without control characters, bounded.
 *
 * @param code 200 to 599 (RFC 5321 section 4.2)
 * @param text all lines joined by a space, the enhanced status code included, at most {@value
 *     #TEXT_LIMIT} characters
 */
public record Reply(int code, String text) {
    /** Longer replies are cut: they go into records, the log and DSNs. */
    public static final int TEXT_LIMIT = 1000;

    public Reply {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("not a reply code: " + code);
        }
        text = harmless(text);
    }

    /** The code in the text, or X.0.0 by the reply's class (RFC 3463 section 3.1). */
    public EnhancedStatusCode status() {
        int statusClass = code < 400 ? 2 : code < 500 ? 4 : 5;
        return EnhancedStatusCode.leading(text)
                .filter(code -> code.statusClass() == statusClass)
                .orElseGet(() -> new EnhancedStatusCode(statusClass, 0, 0));
    }

    @Override
    public String toString() {
        return text.isEmpty() ? Integer.toString(code) : code + " " + text;
    }

    private static String harmless(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), TEXT_LIMIT));
        for (int i = 0; i < text.length() && out.length() < TEXT_LIMIT - 1; ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            boolean visible =
                    switch (Character.getType(c)) {
                        case Character.CONTROL,
                                Character.FORMAT,
                                Character.SURROGATE,
                                Character.LINE_SEPARATOR,
                                Character.PARAGRAPH_SEPARATOR ->
                                false;
                        default -> true;
                    };
            out.appendCodePoint(visible ? c : ' ');
        }
        return out.toString().strip();
    }
}
