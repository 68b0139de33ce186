package posthaste.ingest.auth.sasl;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server keeps of a password for SCRAM-SHA-256, in the form of RFC 5803, which PostgreSQL
 * writes, too: {@code SCRAM-SHA-256$4096:SALT$STORED-KEY:SERVER-KEY}. Whoever has it can neither
 * log in nor read the password, but can try passwords, and pose as the server.
 */
public final class ScramVerifier {
    /** RFC 7677 section 4. */
    public static final int ITERATIONS = 4096;

    private static final int MAX_ITERATIONS = 10_000_000;
    private static final int KEY_OCTETS = 32;
    private static final String HMAC = "HmacSHA256";
    private static final String BASE64 = "([A-Za-z0-9+/]+={0,2})";
    private static final Pattern FORM =
            Pattern.compile("SCRAM-SHA-256\\$(\\d{1,8}):" + BASE64 + "\\$" + BASE64 + ":" + BASE64);

    private final byte[] salt;
    private final int iterations;
    private final byte[] storedKey;
    private final byte[] serverKey;

    ScramVerifier(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
        this.salt = salt.clone();
        this.iterations = iterations;
        this.storedKey = storedKey.clone();
        this.serverKey = serverKey.clone();
    }

    /** Reads the stored form; empty for anything else. */
    public static Optional<ScramVerifier> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        int iterations = Integer.parseInt(form.group(1));
        try {
            Base64.Decoder base64 = Base64.getDecoder();
            byte[] stored = base64.decode(form.group(3));
            byte[] server = base64.decode(form.group(4));
            return iterations < ITERATIONS
                            || iterations > MAX_ITERATIONS
                            || stored.length != KEY_OCTETS
                            || server.length != KEY_OCTETS
                    ? Optional.empty()
                    : Optional.of(
                            new ScramVerifier(
                                    base64.decode(form.group(2)), iterations, stored, server));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Of a password. */
    public static ScramVerifier of(String password, byte[] salt, int iterations) {
        byte[] salted = salted(password, salt, iterations);
        byte[] clientKey = hmac(salted, Utf8.encode("Client Key"));
        return new ScramVerifier(
                salt, iterations, sha256(clientKey), hmac(salted, Utf8.encode("Server Key")));
    }

    /** Whether it is this password's; as dear as the iterations. */
    public boolean fits(String password) {
        byte[] clientKey = hmac(salted(password, salt, iterations), Utf8.encode("Client Key"));
        return MessageDigest.isEqual(sha256(clientKey), storedKey);
    }

    /** Whether who made the proof knows the password. */
    boolean proves(byte[] proof, String authMessage) {
        byte[] signature = hmac(storedKey, Utf8.encode(authMessage));
        if (proof.length != signature.length) {
            return false;
        }
        byte[] clientKey = new byte[proof.length];
        for (int i = 0; i < proof.length; i++) {
            clientKey[i] = (byte) (proof[i] ^ signature[i]);
        }
        return MessageDigest.isEqual(sha256(clientKey), storedKey);
    }

    /** By which the server proves that it has the verifier. */
    byte[] serverSignature(String authMessage) {
        return hmac(serverKey, Utf8.encode(authMessage));
    }

    byte[] salt() {
        return salt.clone();
    }

    int iterations() {
        return iterations;
    }

    /** As it is stored. */
    public String encoded() {
        Base64.Encoder base64 = Base64.getEncoder();
        return "SCRAM-SHA-256$%d:%s$%s:%s"
                .formatted(
                        iterations,
                        base64.encodeToString(salt),
                        base64.encodeToString(storedKey),
                        base64.encodeToString(serverKey));
    }

    @Override
    public String toString() {
        return "ScramVerifier[" + iterations + "]";
    }

    private static byte[] salted(String password, byte[] salt, int iterations) {
        try {
            // SASLprep's normalization (RFC 4013 section 2.2); what it prohibits is let be.
            char[] prepared = Normalizer.normalize(password, Normalizer.Form.NFKC).toCharArray();
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(prepared, salt, iterations, KEY_OCTETS * 8))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2", e);
        }
    }

    static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC", e);
        }
    }

    private static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
