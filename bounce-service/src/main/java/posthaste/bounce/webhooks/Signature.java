package posthaste.bounce.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;

/** Signs as Standard Webhooks 1.0 has it: HMAC-SHA256 over {@code id.timestamp.body}. */
final class Signature {
    static final String ALGORITHM = "HmacSHA256";
    private static final String VERSION = "v1,";

    private Signature() {}

    /**
     * The value of {@code webhook-signature}: one signature for each secret, so that a secret can
     * be replaced without a moment in which requests are refused.
     */
    static String of(List<Secret> secrets, String id, Instant at, byte[] body) {
        return secrets.stream()
                .map(secret -> VERSION + sign(secret, id, at, body))
                .collect(Collectors.joining(" "));
    }

    private static String sign(Secret secret, String id, Instant at, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret.key());
            mac.update((id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
