package posthaste.mail.verp;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret that return addresses are signed with. */
public final class VerpKey {
    /** Fewer octets could be guessed: then anybody could have addresses suppressed. */
    public static final int SHORTEST = 16;

    private static final String ALGORITHM = "HmacSHA256";
    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

    private final SecretKeySpec key;

    /**
     * Takes the secret as a text.
     *
     * @throws IllegalArgumentException when it is too short
     */
    public VerpKey(String secret) {
        byte[] octets = secret.getBytes(StandardCharsets.UTF_8);
        if (octets.length < SHORTEST) {
            throw new IllegalArgumentException(
                    "a key has at least " + SHORTEST + " octets, not " + octets.length);
        }
        this.key = new SecretKeySpec(octets, ALGORITHM);
    }

    /**
     * A keyed digest.
     *
     * @param characters of five bits each, at most 51
     * @param purpose keeps digests for one thing from serving as those for another
     */
    String digest(int characters, String purpose, String... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            for (String part : parts) {
                mac.update((byte) 0);
                mac.update(part.getBytes(StandardCharsets.UTF_8));
            }
            return text(mac.doFinal(), characters);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    private static String text(byte[] octets, int characters) {
        char[] out = new char[characters];
        int bits = 0;
        int have = 0;
        int next = 0;
        for (int i = 0; i < characters; i++) {
            if (have < 5) {
                bits = ((bits & 31) << 8) | (octets[next++] & 0xff);
                have += 8;
            }
            have -= 5;
            out[i] = ALPHABET[(bits >>> have) & 31];
        }
        return new String(out);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "VerpKey";
    }
}
