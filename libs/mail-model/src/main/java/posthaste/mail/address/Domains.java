package posthaste.mail.address;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/** Domains and address literals of RFC 5321 sections 4.1.2 and 4.1.3. */
public final class Domains {
    private static final int LABEL_LIMIT = 63;
    private static final Pattern LABEL =
            Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?");
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private Domains() {}

    /**
     * Checks a domain or address literal.
     *
     * @throws InvalidAddressException with a reason that may be shown to the client
     */
    public static void check(String domain) throws InvalidAddressException {
        if (isPlain(domain)) {
            return;
        }
        if (domain.isEmpty()) {
            throw new InvalidAddressException("the domain is empty");
        }
        if (domain.startsWith("[")) {
            if (!isLiteral(domain)) {
                throw new InvalidAddressException("the address literal is not an IP address");
            }
            return;
        }
        if (domain.codePoints().anyMatch(EmailAddress::isUnsafe)) {
            throw new InvalidAddressException("a character is not allowed in the domain");
        }
        String ascii;
        try {
            ascii = IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new InvalidAddressException("the domain is not a valid name");
        }
        if (ascii.length() > EmailAddress.DOMAIN_LIMIT) {
            throw new InvalidAddressException(
                    "the domain is longer than " + EmailAddress.DOMAIN_LIMIT + " octets");
        }
        for (String label : ascii.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                throw new InvalidAddressException("the domain is not a valid name");
            }
        }
    }

    /** A-labels in lower case (RFC 5890); an address literal stays as it is. */
    public static String toAscii(String domain) {
        if (isPlain(domain)) {
            return domain.toLowerCase(Locale.ROOT);
        }
        return domain.startsWith("[")
                ? domain
                : IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
    }

    /**
     * Whether it is a valid name in ASCII, as almost all are: that is told without IDNA and regular
     * expressions, for each address of each record. What is not goes the long way, to its reason.
     */
    private static boolean isPlain(String domain) {
        if (domain.length() > EmailAddress.DOMAIN_LIMIT) {
            return false;
        }
        int begin = 0;
        for (int i = 0; i <= domain.length(); i++) {
            char c = i < domain.length() ? domain.charAt(i) : '.';
            if (c == '.') {
                int length = i - begin;
                if (length < 1 || length > LABEL_LIMIT || domain.charAt(i - 1) == '-') {
                    return false;
                }
                begin = i + 1;
            } else if (!(isWordCharacter(c) || (c == '-' && i > begin))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWordCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_';
    }

    private static boolean isLiteral(String domain) {
        if (!domain.endsWith("]")) {
            return false;
        }
        String inner = domain.substring(1, domain.length() - 1);
        if (inner.regionMatches(true, 0, "IPv6:", 0, 5)) {
            String address = inner.substring(5);
            return IPV6.matcher(address).matches() && parsesAsIpv6(address);
        }
        return IPV4.matcher(inner).matches();
    }

    private static boolean parsesAsIpv6(String address) {
        try {
            java.net.Inet6Address.ofLiteral(address);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
