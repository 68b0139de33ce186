package posthaste.bounce.webhooks;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;

/** A key that requests are signed with. Shows itself to nobody. */
final class Secret {
    /** As Standard Webhooks writes them: base64 behind it. */
    private static final String PREFIX = "whsec_";

    /** Octets: less can be guessed. */
    static final int LEAST = 16;

    static final String FORM = "at least 16 characters, or whsec_ and at least 16 bytes in base64";

    private final SecretKeySpec key;

    private Secret(SecretKeySpec key) {
        this.key = key;
    }

    /**
     * Reads {@code whsec_BASE64}, or takes the text itself.
     *
     * @throws IllegalArgumentException when it is too short or no base64; its message is no secret
     */
    static Secret parse(String text) {
        byte[] octets =
                text.startsWith(PREFIX)
                        ? Base64.getDecoder().decode(text.substring(PREFIX.length()))
                        : text.getBytes(StandardCharsets.UTF_8);
        if (octets.length < LEAST) {
            throw new IllegalArgumentException("too short");
        }
        return new Secret(new SecretKeySpec(octets, Signature.ALGORITHM));
    }

    SecretKeySpec key() {
        return key;
    }

    @Override
    public String toString() {
        return "(not shown)";
    }
}
