package posthaste.bounce.inbound.parse;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code type; text} of RFC 3464: {@code rfc822; user@example.org}, {@code smtp; 550 no}. */
record TypedText(String type, String text) {
    /** {@code EmbeddedUnicodeChar} of RFC 6533 section 3. */
    private static final Pattern EMBEDDED = Pattern.compile("\\\\x\\{([0-9A-Fa-f]{1,6})}");

    static TypedText of(String field) {
        int semicolon = field.indexOf(';');
        if (semicolon < 0
                || semicolon > 40
                || field.substring(0, semicolon).strip().contains(" ")) {
            return new TypedText("", field.strip());
        }
        return new TypedText(
                field.substring(0, semicolon).strip().toLowerCase(Locale.ROOT),
                field.substring(semicolon + 1).strip());
    }

    /** The address that the field names, or an empty text. */
    String address() {
        String plain = text;
        if (text.contains("\\x{")) {
            plain =
                    EMBEDDED.matcher(text)
                            .replaceAll(match -> {
                                int c = Integer.parseInt(match.group(1), 16);
                                return Matcher.quoteReplacement(
                                        Character.isValidCodePoint(c)
                                                ? Character.toString(c)
                                                : "?");
                            });
        }
        return Addresses.first(plain);
    }
}
