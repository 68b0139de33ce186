package posthaste.mail.text;

/**
 * Tells what can be seen from what hides, ends a line, turns the direction of writing, or commands
 * a terminal.
 */
public final class VisibleText {
    private static final int REPLACEMENT_CHARACTER = 0xfffd;

    private VisibleText() {}

    /** Whether a code point shows as what it is. */
    public static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }

    /** The text with a replacement character for whatever cannot be seen. */
    public static String of(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> out.appendCodePoint(isVisible(c) ? c : REPLACEMENT_CHARACTER));
        return out.toString();
    }
}
