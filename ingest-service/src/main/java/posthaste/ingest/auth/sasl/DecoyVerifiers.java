package posthaste.ingest.auth.sasl;

import java.util.Arrays;

/**
 * Verifiers of users that do not exist: the same for the same name, also in another process of the
 * same key, so that asking twice tells nothing (RFC 5802 section 9 wants no less of the salt).
 */
public final class DecoyVerifiers {
    private static final int SALT_OCTETS = 16;

    private final byte[] key;

    /**
     * Makes them.
     *
     * @param key secret; that of all processes of an installation, or else a client that meets two
     *     of them can tell
     */
    public DecoyVerifiers(byte[] key) {
        this.key = key.clone();
    }

    /** One that no proof fits. */
    public ScramVerifier of(String name) {
        byte[] salt = ScramVerifier.hmac(key, Utf8.encode("salt " + name));
        return new ScramVerifier(
                Arrays.copyOf(salt, SALT_OCTETS),
                ScramVerifier.ITERATIONS,
                ScramVerifier.hmac(key, Utf8.encode("stored " + name)),
                ScramVerifier.hmac(key, Utf8.encode("server " + name)));
    }
}
