package posthaste.ingest.auth.sasl;

import java.util.Optional;

/** A name in which comma and equals sign stand as {@code =2C} and {@code =3D} (RFC 5802). */
final class SaslName {
    private static final String COMMA = "=2C";
    private static final String EQUALS = "=3D";

    private SaslName() {}

    static Optional<String> decode(String encoded) {
        StringBuilder name = new StringBuilder(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c != '=') {
                name.append(c);
            } else if (encoded.startsWith(COMMA, i) || encoded.startsWith(EQUALS, i)) {
                name.append(encoded.startsWith(COMMA, i) ? ',' : '=');
                i += COMMA.length() - 1;
            } else {
                return Optional.empty();
            }
        }
        return name.isEmpty() ? Optional.empty() : Optional.of(name.toString());
    }
}
