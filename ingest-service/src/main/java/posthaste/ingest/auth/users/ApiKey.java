package posthaste.ingest.auth.users;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A program's key to the HTTP interface.
 *
 * @param name tells it from the user's other keys
 * @param user whose key it is; a key may do what its user may
 * @param hash of its secret
 * @param scopes what it is for
 */
public record ApiKey(String name, String user, String hash, Set<String> scopes) {
    private static final int OCTETS = 32;
    private static final String PREFIX = "phk_";
    private static final Pattern HASH = Pattern.compile("sha256:[0-9a-f]{64}");

    public ApiKey {
        scopes = Set.copyOf(scopes);
    }

    /** A secret of 256 random bits, for nobody to guess, so that a fast hash of it will do. */
    public static String newSecret() {
        byte[] octets = new byte[OCTETS];
        new SecureRandom().nextBytes(octets);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    /** What is kept of a secret. */
    public static String hash(String secret) {
        try {
            // The prefix keeps it from being the hash of the same octets in any other use.
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("posthaste api key\0".getBytes(StandardCharsets.UTF_8));
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static boolean isHash(String text) {
        return HASH.matcher(text).matches();
    }

    /** Without its hash. */
    @Override
    public String toString() {
        return "ApiKey[%s of %s, %s]".formatted(name, user, scopes);
    }
}
