package posthaste.ingest.auth.users;

import java.util.List;
import java.util.Optional;
import posthaste.ingest.submitter.Login;
import posthaste.mail.address.Domains;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;

/**
 * Whose mail a login may submit: {@code user@example.org}, {@code example.org}, {@code
 * *.example.org} (of subdomains alone) or {@code *}. Domains are compared without regard to case
 * and by their A-labels, local parts exactly, but for case in ASCII, in which no two people differ.
 */
public final class SenderPattern {
    private static final String ANY = "*";
    private static final String SUBDOMAINS = "*.";

    private SenderPattern() {}

    /** The pattern as it is kept; empty when it is none. */
    public static Optional<String> parse(String text) {
        if (text.equals(ANY)) {
            return Optional.of(text);
        }
        try {
            if (text.contains("@")) {
                return Optional.of(EmailAddress.parse(text).toString());
            }
            boolean below = text.startsWith(SUBDOMAINS);
            String domain = below ? text.substring(SUBDOMAINS.length()) : text;
            Domains.check(domain);
            return Optional.of((below ? SUBDOMAINS : "") + domain(domain));
        } catch (InvalidAddressException _) {
            return Optional.empty();
        }
    }

    /** Whether a login may submit mail as {@code sender}. */
    public static boolean allows(Login login, EmailAddress sender) {
        return allows(login.senders(), sender);
    }

    static boolean allows(List<String> patterns, EmailAddress sender) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, sender));
    }

    private static boolean matches(String pattern, EmailAddress sender) {
        if (pattern.equals(ANY)) {
            return true;
        }
        if (pattern.contains("@")) {
            try {
                EmailAddress allowed = EmailAddress.parse(pattern);
                return allowed.localPart().equalsIgnoreCase(sender.localPart())
                        && domain(allowed.domain()).equals(domain(sender.domain()));
            } catch (InvalidAddressException _) {
                return false;
            }
        }
        String domain = domain(sender.domain());
        return pattern.startsWith(SUBDOMAINS)
                ? domain.endsWith("." + domain(pattern.substring(SUBDOMAINS.length())))
                : domain.equals(domain(pattern));
    }

    private static String domain(String domain) {
        return Domains.toAscii(domain);
    }
}
