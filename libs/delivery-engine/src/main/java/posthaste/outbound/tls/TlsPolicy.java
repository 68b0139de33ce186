package posthaste.outbound.tls;

import java.util.Locale;

/** How a session is to be secured. */
public sealed interface TlsPolicy {

    /** STARTTLS is not used even when offered. */
    record None() implements TlsPolicy {}

    /**
     * STARTTLS when offered, whatever the certificate (RFC 7435): in clear when it is refused or
     * its handshake fails, since a mail in clear is no worse than without the offer.
     */
    record Opportunistic() implements TlsPolicy {}

    /**
     * STARTTLS with a certificate of an issuer that we trust, in the host's name (RFC 6125): never
     * in clear.
     */
    record Verified() implements TlsPolicy {}

    TlsPolicy NONE = new None();
    TlsPolicy OPPORTUNISTIC = new Opportunistic();
    TlsPolicy VERIFIED = new Verified();

    /**
     * Reads the setting.
     *
     * @throws IllegalArgumentException naming what is allowed
     */
    static TlsPolicy parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "none" -> NONE;
            case "opportunistic" -> OPPORTUNISTIC;
            case "require" -> VERIFIED;
            default ->
                    throw new IllegalArgumentException(
                            "a TLS policy is opportunistic, require or none, not: " + text);
        };
    }
}
