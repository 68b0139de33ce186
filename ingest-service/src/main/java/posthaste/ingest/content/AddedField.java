package posthaste.ingest.content;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A header field that goes on top of a message. What a scanner answers may hold anything, so a
 * field is made harmless here: it stays one field of one line (RFC 5322 section 2.1.1), in ASCII,
 * and none of those that say what a message is or where it goes.
 *
 * @param name letters, digits and hyphens
 * @param value on one line
 */
public record AddedField(String name, String value) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,75}");

    /** Leaves room for the name within the 998 octets of a line. */
    private static final int VALUE_LIMIT = 900;

    /** A second one of these would make of the message another one. */
    private static final Set<String> NOT_A_SCANNERS =
            Set.of(
                    "from",
                    "sender",
                    "reply-to",
                    "to",
                    "cc",
                    "bcc",
                    "date",
                    "message-id",
                    "in-reply-to",
                    "references",
                    "subject",
                    "received",
                    "return-path",
                    "mime-version",
                    "dkim-signature");

    private static final Pattern NOT_A_SCANNERS_EITHER =
            Pattern.compile("(?:content|resent|disposition)-.*");

    public AddedField {
        value = onOneLine(value);
    }

    /** A field that a scanner asks for; empty when it may not have it. */
    static Optional<AddedField> wanted(String name, String value) {
        String known = name.toLowerCase(Locale.ROOT);
        return NAME.matcher(name).matches()
                        && !NOT_A_SCANNERS.contains(known)
                        && !NOT_A_SCANNERS_EITHER.matcher(known).matches()
                ? Optional.of(new AddedField(name, value))
                : Optional.empty();
    }

    /** As it stands in a header, with its CRLF. */
    @Override
    public String toString() {
        return name + ": " + value + "\r\n";
    }

    /** Text of a peer on one line of visible ASCII, and of bounded length. */
    static String onOneLine(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), VALUE_LIMIT));
        boolean blank = true;
        for (int i = 0; i < text.length() && out.length() < VALUE_LIMIT; i++) {
            char c = text.charAt(i);
            boolean isBlank = c <= ' ' || c == 0x7f;
            if (!isBlank) {
                out.append(c < 0x7f ? c : '?');
            } else if (!blank) {
                out.append(' ');
            }
            blank = isBlank;
        }
        return out.toString().strip();
    }
}
