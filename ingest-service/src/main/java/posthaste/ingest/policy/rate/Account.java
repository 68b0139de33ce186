package posthaste.ingest.policy.rate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What is counted in one place: a measure of one party by one rate of one rule.
 *
 * @param rule its name
 * @param holder the login, network or domain
 */
record Account(String rule, Measure measure, Rate rate, String holder) {

    /** What is told about has a short name; three octets a character fit into a fact's key. */
    private static final int LONGEST = 100;

    /** The same on every instance. */
    String id() {
        String name = rule + ' ' + measure + ' ' + rate + ' ' + holder;
        return name.length() <= LONGEST ? name : digest(name);
    }

    private static String digest(String name) {
        try {
            byte[] sha256 =
                    MessageDigest.getInstance("SHA-256")
                            .digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
