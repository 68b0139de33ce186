package posthaste.bounce.inbound.rules;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What is known of a refusal, as rules see it.
 *
 * @param code SMTP reply code, 0 when none was told
 * @param status enhanced status code, or an empty text
 * @param text the reply's text without its codes, or what else gives the reason; one line
 * @param command the SMTP command that was refused ({@code RCPT}, {@code DATA}, {@code MAIL},
 *     {@code HELO}, {@code CONN}), or an empty text
 */
public record Refusal(int code, String status, String text, String command) {
    /** Characters of the text that rules see: no reply of sense is longer. */
    static final int TEXT_LIMIT = 2000;

    /**
     * What begins each line of a reply of several: it stands amid the words once they are joined.
     */
    private static final Pattern CONTINUED =
            Pattern.compile("\\b[245]\\d\\d(?:[- ][245]\\.\\d{1,3}\\.\\d{1,3}\\b|-(?=\\S)) ?");

    public Refusal {
        text = CONTINUED.matcher(oneLine(text)).replaceAll("");
        command = command.toUpperCase(Locale.ROOT);
    }

    /** The form for which regular expressions are written: {@code 550 5.1.1 text}. */
    String line() {
        StringBuilder line = new StringBuilder(text.length() + 16);
        if (code > 0) {
            line.append(code).append(' ');
        }
        if (!status.isEmpty()) {
            line.append(status).append(' ');
        }
        return line.append(text).toString();
    }

    boolean transientStatus() {
        return status.isEmpty() ? code >= 400 && code < 500 : status.startsWith("4.");
    }

    /** Subject and detail of the status, {@code 1.1}, or an empty text. */
    String subjectAndDetail() {
        return status.length() > 2 ? status.substring(2) : "";
    }

    private static String oneLine(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), TEXT_LIMIT));
        boolean space = true;
        for (int i = 0; i < text.length() && out.length() < TEXT_LIMIT; i++) {
            char c = text.charAt(i);
            boolean blank = c <= ' ' || c == 0x7f || Character.isWhitespace(c) || c == 0xa0;
            if (!blank) {
                out.append(c);
            } else if (!space) {
                out.append(' ');
            }
            space = blank;
        }
        return out.toString().strip();
    }
}
