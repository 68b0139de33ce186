package posthaste.ingest.auth.sasl;

import java.util.Optional;
import java.util.regex.Pattern;

/** {@code auth=Bearer TOKEN} among key-value pairs. */
final class BearerToken {
    private static final String KEY = "auth=";
    private static final String SCHEME = "bearer ";

    /** RFC 6750 section 2.1. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private BearerToken() {}

    /** The token of the one such pair. */
    static Optional<String> in(String[] pairs) {
        String token = null;
        for (String pair : pairs) {
            if (pair.startsWith(KEY)) {
                String value = pair.substring(KEY.length());
                if (token != null || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                    return Optional.empty();
                }
                token = value.substring(SCHEME.length()).strip();
            }
        }
        return Optional.ofNullable(token).filter(found -> TOKEN.matcher(found).matches());
    }
}
