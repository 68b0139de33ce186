package posthaste.acceptance.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** A line of the users file, for clients that send a password and for those of SCRAM (RFC 5803). */
final class UserLine {
    private static final int ITERATIONS = 4096;
    private static final int KEY_BITS = 256;

    /** Cheap, so that a test's time goes into other things. */
    private static final int BCRYPT_STRENGTH = 4;

    private UserLine() {}

    static String of(String name, String password) throws GeneralSecurityException {
        byte[] salt = "a salt of a test".getBytes(UTF_8);
        byte[] salted =
                SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                        .generateSecret(
                                new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, KEY_BITS))
                        .getEncoded();
        byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
        Base64.Encoder base64 = Base64.getEncoder();
        return "user %s password={bcrypt}%s scram=SCRAM-SHA-256$%d:%s$%s:%s senders=*\n"
                .formatted(
                        name,
                        new BCryptPasswordEncoder(BCRYPT_STRENGTH).encode(password),
                        ITERATIONS,
                        base64.encodeToString(salt),
                        base64.encodeToString(storedKey),
                        base64.encodeToString(hmac(salted, "Server Key")));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }
}
