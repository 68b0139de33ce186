package posthaste.ingest.policy;

import java.util.Locale;
import java.util.function.Predicate;
import posthaste.mail.address.Domains;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;

/**
 * Addresses by pattern: {@code user@example.org}, {@code example.org} (every address of that
 * domain), {@code *.example.org} (of its subdomains) or {@code *}. Upper and lower case are the
 * same, in local parts too: nobody gets round a list by a capital letter.
 */
public final class AddressPattern implements Predicate<EmailAddress> {
    private final String text;
    private final String local;
    private final String domain;
    private final boolean subdomains;

    private AddressPattern(String text, String local, String domain, boolean subdomains) {
        this.text = text;
        this.local = local;
        this.domain = domain;
        this.subdomains = subdomains;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException when it is none; the message says what is allowed
     */
    public static AddressPattern parse(String text) {
        if (text.equals("*")) {
            return new AddressPattern(text, "", "", true);
        }
        try {
            if (text.startsWith("*.")) {
                Domains.check(text.substring(2));
                return new AddressPattern(text, "", Domains.toAscii(text.substring(2)), true);
            }
            if (text.indexOf('@') < 0) {
                Domains.check(text);
                return new AddressPattern(text, "", Domains.toAscii(text), false);
            }
            EmailAddress address = EmailAddress.parse(text);
            return new AddressPattern(
                    text, unquoted(address.localPart()), address.asciiDomain(), false);
        } catch (InvalidAddressException e) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' is no pattern; allowed are user@example.org, example.org,"
                            + " *.example.org and * ("
                            + e.getMessage()
                            + ")",
                    e);
        }
    }

    @Override
    public boolean test(EmailAddress address) {
        return matchesDomain(address.asciiDomain())
                && (local.isEmpty() || local.equals(unquoted(address.localPart())));
    }

    /** Whether a domain, as A-labels in lower case, is meant. */
    public boolean matchesDomain(String ascii) {
        String name = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        return subdomains ? domain.isEmpty() || name.endsWith("." + domain) : name.equals(domain);
    }

    @Override
    public String toString() {
        return text;
    }

    /** {@code "user"@x} is the same mailbox as {@code user@x} (RFC 5321 section 4.1.2). */
    private static String unquoted(String localPart) {
        String inner =
                localPart.startsWith("\"")
                        ? localPart.substring(1, localPart.length() - 1).replaceAll("\\\\(.)", "$1")
                        : localPart;
        return inner.toLowerCase(Locale.ROOT);
    }
}
