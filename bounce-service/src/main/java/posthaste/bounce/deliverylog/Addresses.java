package posthaste.bounce.deliverylog;

import java.util.Locale;
import posthaste.mail.address.Domains;

/** How the log finds addresses again, whatever case they were written in. */
final class Addresses {
    private Addresses() {}

    static String searchable(String address) {
        return address.toLowerCase(Locale.ROOT);
    }

    /** As DNS asks for it; what is no domain stays as it is, in lower case. */
    static String domain(String address) {
        String domain = address.substring(address.lastIndexOf('@') + 1);
        try {
            return Domains.toAscii(domain);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return domain.toLowerCase(Locale.ROOT);
        }
    }
}
