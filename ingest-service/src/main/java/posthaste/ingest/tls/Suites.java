package posthaste.ingest.tls;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What we speak: TLS 1.2 and later, forward secret, with authenticated encryption (RFC 9325). */
final class Suites {
    static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private static final Pattern SANE =
            Pattern.compile(
                    "TLS_(AES_\\d+_GCM|CHACHA20_POLY1305)_SHA\\d+"
                            + "|TLS_ECDHE_(ECDSA|RSA)_WITH_(AES_\\d+_GCM|CHACHA20_POLY1305)_SHA\\d+");

    private Suites() {}

    /**
     * Those of the supported ones that we use, in the order of the platform.
     *
     * @param wished those that the operator wants; all when null
     */
    static List<String> of(String[] supported, String @Nullable [] wished) {
        List<String> allowed = wished == null ? List.of(supported) : Arrays.asList(wished);
        return Arrays.stream(supported)
                .filter(suite -> SANE.matcher(suite).matches() && allowed.contains(suite))
                .toList();
    }
}
