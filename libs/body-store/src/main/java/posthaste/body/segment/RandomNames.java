package posthaste.body.segment;

import java.security.SecureRandom;

/** Random letters and digits, as they may stand in file names everywhere. */
public final class RandomNames {
    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomNames() {}

    /** Five bits a character. */
    public static String next(int length) {
        StringBuilder name = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            name.append(ALPHABET[RANDOM.nextInt(ALPHABET.length)]);
        }
        return name.toString();
    }
}
