package posthaste.ingest.dkim;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;

/**
 * A key that was just made.
 *
 * @param pem the private half, a secret
 * @param record the public half as it is to stand in DNS (RFC 6376 section 3.6.1)
 */
public record NewKey(String pem, String record) {
    /** The public key itself, at the end of its encoding (RFC 8410 section 4). */
    private static final int ED25519_OCTETS = 32;

    /** Octets of one character string of a TXT record (RFC 1035 section 3.3). */
    private static final int STRING = 255;

    /**
     * Makes a key.
     *
     * @param bits of an RSA key; others have theirs
     */
    public static NewKey generate(KeyAlgorithm algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.key());
            if (algorithm == KeyAlgorithm.RSA) {
                generator.initialize(bits);
            }
            KeyPair pair = generator.generateKeyPair();
            return new NewKey(
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                    .encodeToString(pair.getPrivate().getEncoded())
                            + "\n-----END PRIVATE KEY-----\n",
                    "v=DKIM1; k="
                            + algorithm.tag()
                            + "; p="
                            + Base64.getEncoder()
                                    .encodeToString(published(algorithm, pair.getPublic())));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm.key(), e);
        }
    }

    /** The record in the form of a zone file. */
    public String zoneLine(String domain, String selector) {
        StringBuilder out = new StringBuilder(record.length() + 100);
        out.append(selector).append("._domainkey.").append(domain).append(". IN TXT (");
        for (int at = 0; at < record.length(); at += STRING) {
            out.append(" \"")
                    .append(record, at, Math.min(record.length(), at + STRING))
                    .append('"');
        }
        return out.append(" )").toString();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return record;
    }

    private static byte[] published(KeyAlgorithm algorithm, PublicKey key) {
        byte[] encoded = key.getEncoded();
        return switch (algorithm) {
            case RSA -> encoded;
            // RFC 8463 section 4: without the structure around it.
            case ED25519 ->
                    Arrays.copyOfRange(encoded, encoded.length - ED25519_OCTETS, encoded.length);
        };
    }
}
