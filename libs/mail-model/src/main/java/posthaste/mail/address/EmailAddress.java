package posthaste.mail.address;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code Mailbox} of RFC 5321 section 4.1.2, with the UTF-8 of RFC 6531 section 3.3.
 *
 * <p>Both parts are kept as they were written, so that they can be relayed unchanged; two addresses
 * are equal when their local parts are and their domains differ in case alone (RFC 5321 section
 * 2.4).
 */
public final class EmailAddress {
    /** Octets of a local part, RFC 5321 section 4.5.3.1.1. */
    static final int LOCAL_PART_LIMIT = 64;

    /** Octets of a domain, RFC 5321 section 4.5.3.1.2. */
    static final int DOMAIN_LIMIT = 255;

    /** Octets of a path with its brackets, RFC 5321 section 4.5.3.1.3. */
    static final int PATH_LIMIT = 256;

    private final String localPart;
    private final String domain;

    private EmailAddress(String localPart, String domain) {
        this.localPart = localPart;
        this.domain = domain;
    }

    /**
     * Parses an address without angle brackets, source route or display name.
     *
     * @throws InvalidAddressException with a reason that may be shown to the client
     */
    public static EmailAddress parse(String text) throws InvalidAddressException {
        int localEnd = endOfLocalPart(text);
        if (localEnd >= text.length() || text.charAt(localEnd) != '@') {
            throw new InvalidAddressException(
                    localEnd >= text.length()
                            ? "the address has no @domain"
                            : "a character is not allowed in the local part");
        }
        String local = text.substring(0, localEnd);
        String domain = text.substring(localEnd + 1);
        if (local.isEmpty()) {
            throw new InvalidAddressException("the local part is empty");
        }
        if (octets(local) > LOCAL_PART_LIMIT) {
            throw new InvalidAddressException(
                    "the local part is longer than " + LOCAL_PART_LIMIT + " octets");
        }
        if (octets(text) + 2 > PATH_LIMIT) {
            throw new InvalidAddressException("the path is longer than " + PATH_LIMIT + " octets");
        }
        Domains.check(domain);
        return new EmailAddress(local, domain);
    }

    /** As {@link #parse}, for addresses that were checked before: from our own records. */
    public static EmailAddress of(String text) {
        try {
            return parse(text);
        } catch (InvalidAddressException e) {
            throw new IllegalArgumentException("not an address: " + text, e);
        }
    }

    /** As written, quotes included. */
    public String localPart() {
        return localPart;
    }

    /** As written; may hold UTF-8 labels or an address literal in brackets. */
    public String domain() {
        return domain;
    }

    /** The domain as DNS asks for it: A-labels, lower case; an address literal stays as it is. */
    public String asciiDomain() {
        return Domains.toAscii(domain);
    }

    /** Whether the domain is {@code [192.0.2.1]} or {@code [IPv6:...]}. */
    public boolean hasAddressLiteral() {
        return domain.startsWith("[");
    }

    /** Whether relaying it as it was written takes SMTPUTF8 (RFC 6531). */
    public boolean needsSmtpUtf8() {
        return !isAscii(localPart) || !isAscii(domain);
    }

    /**
     * The same mailbox without SMTPUTF8: the domain in A-labels (RFC 5890); empty when the local
     * part needs it, which only its own host may change.
     */
    public Optional<EmailAddress> inAscii() {
        if (!isAscii(localPart)) {
            return Optional.empty();
        }
        return Optional.of(isAscii(domain) ? this : new EmailAddress(localPart, asciiDomain()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EmailAddress that
                && localPart.equals(that.localPart)
                && domain.equalsIgnoreCase(that.domain);
    }

    @Override
    public int hashCode() {
        return Objects.hash(localPart, domain.toLowerCase(Locale.ROOT));
    }

    /** As written: {@code local@domain}. */
    @Override
    public String toString() {
        return localPart + '@' + domain;
    }

    private static int endOfLocalPart(String text) throws InvalidAddressException {
        return text.startsWith("\"") ? endOfQuotedString(text) : endOfDotString(text);
    }

    private static int endOfDotString(String text) throws InvalidAddressException {
        int i = 0;
        boolean dotAllowed = false;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            if (c == '@') {
                break;
            }
            if (c == '.') {
                if (!dotAllowed) {
                    throw new InvalidAddressException("the local part has a misplaced dot");
                }
                dotAllowed = false;
            } else if (isAtext(c)) {
                dotAllowed = true;
            } else {
                throw new InvalidAddressException("a character is not allowed in the local part");
            }
            i += Character.charCount(c);
        }
        if (i > 0 && !dotAllowed) {
            throw new InvalidAddressException("the local part has a misplaced dot");
        }
        return i;
    }

    private static int endOfQuotedString(String text) throws InvalidAddressException {
        int i = 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\') {
                i++;
                if (i == text.length() || text.charAt(i) < ' ' || text.charAt(i) > '~') {
                    break;
                }
            } else if (c < ' ' || c == 0x7f || isUnsafe(text.codePointAt(i))) {
                throw new InvalidAddressException("a character is not allowed in the local part");
            }
            i += Character.charCount(text.codePointAt(i));
        }
        throw new InvalidAddressException("the quoted local part has no end");
    }

    private static boolean isAtext(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0
                || (c > 0x7f && !isUnsafe(c));
    }

    /** Controls, surrogates without a partner, separators: nothing that an address shows. */
    static boolean isUnsafe(int c) {
        if (c <= 0x7f) {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR ->
                    true;
            default -> c == 0xfffd;
        };
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
