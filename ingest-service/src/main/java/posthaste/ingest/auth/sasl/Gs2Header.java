package posthaste.ingest.auth.sasl;

import java.util.Optional;

/**
 * What begins a GS2 message: {@code n,a=AUTHZID,} (RFC 5801 section 4).
 *
 * @param header as sent, with its last comma
 * @param authzid empty when none was given
 * @param rest what follows
 */
record Gs2Header(String header, String authzid, String rest) {

    /** Reads it; empty when it is none, or asks for a channel binding, which we do not offer. */
    static Optional<Gs2Header> parse(String message) {
        if (!message.startsWith("n,") && !message.startsWith("y,")) {
            return Optional.empty();
        }
        int end = message.indexOf(',', 2);
        if (end < 0) {
            return Optional.empty();
        }
        String field = message.substring(2, end);
        if (!field.isEmpty() && !field.startsWith("a=")) {
            return Optional.empty();
        }
        return (field.isEmpty() ? Optional.of("") : SaslName.decode(field.substring(2)))
                .map(authzid ->
                        new Gs2Header(
                                message.substring(0, end + 1),
                                authzid,
                                message.substring(end + 1)));
    }
}
