package posthaste.bounce.dsn;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import posthaste.mail.address.EmailAddress;

/**
 * An address as the fields of a DSN bear it: {@code rfc822; user@example.org} (RFC 3464 section
 * 2.1.2), {@code utf-8; ...} (RFC 6533 section 3), or what else ORCPT named.
 *
 * @param address without any encoding, one line
 */
record TypedAddress(String type, String address) {
    private static final String RFC822 = "rfc822";
    private static final String UTF_8 = "utf-8";

    /** RFC 3461 section 4.2. */
    private static final int LIMIT = 500;

    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9-]{1,60}");

    /** {@code EmbeddedUnicodeChar} of RFC 6533 section 3. */
    private static final Pattern EMBEDDED = Pattern.compile("\\\\x\\{([0-9A-Fa-f]{1,6})}");

    static TypedAddress of(EmailAddress address) {
        return new TypedAddress(address.needsSmtpUtf8() ? UTF_8 : RFC822, address.toString());
    }

    /**
     * Reads an ORCPT, decoded from xtext.
     *
     * @return empty when it is none: then there is no field
     */
    static Optional<TypedAddress> ofOrcpt(String orcpt) {
        int semicolon = orcpt.indexOf(';');
        if (semicolon < 0 || !TYPE.matcher(orcpt.substring(0, semicolon)).matches()) {
            return Optional.empty();
        }
        String type = orcpt.substring(0, semicolon).toLowerCase(Locale.ROOT);
        String written = orcpt.substring(semicolon + 1);
        String address = Inert.line(type.equals(UTF_8) ? embeddedDecoded(written) : written, LIMIT);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new TypedAddress(Inert.isAscii(address) ? type : UTF_8, address));
    }

    boolean isAscii() {
        return Inert.isAscii(address);
    }

    /** For message/global-delivery-status: {@code utf-8-address}. */
    String inUtf8() {
        return type + "; " + address;
    }

    /** For message/delivery-status: {@code utf-8-addr-xtext} where ASCII does not do. */
    String inAscii() {
        return type + "; " + (type.equals(UTF_8) ? embeddedEncoded(address) : address);
    }

    private static String embeddedDecoded(String text) {
        Matcher m = EMBEDDED.matcher(text);
        return m.replaceAll(match -> {
            int c = Integer.parseInt(match.group(1), 16);
            return Matcher.quoteReplacement(
                    Character.isValidCodePoint(c) ? Character.toString(c) : "?");
        });
    }

    private static String embeddedEncoded(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    if (c > ' ' && c < 0x7f && c != '\\' && c != '+' && c != '=') {
                        out.append((char) c);
                    } else {
                        out.append("\\x{")
                                .append(Integer.toHexString(c).toUpperCase(Locale.ROOT))
                                .append('}');
                    }
                });
        return out.toString();
    }
}
