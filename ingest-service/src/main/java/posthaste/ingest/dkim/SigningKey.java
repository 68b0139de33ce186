package posthaste.ingest.dkim;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/**
 * A key in use.
 *
 * @param domain whose key it is, in lower case and A-labels
 * @param selector under which its public half stands in DNS
 */
record SigningKey(String domain, String selector, KeyAlgorithm algorithm, PrivateKey key) {

    /** As the {@code a} tag has it. */
    String tag() {
        return algorithm.tag() + "-sha256";
    }

    /** Signs canonical header fields. */
    byte[] sign(byte[] data) {
        try {
            Signature signature = Signature.getInstance(algorithm.signature());
            signature.initSign(key);
            signature.update(
                    switch (algorithm) {
                        case RSA -> data;
                        // RFC 8463 section 3: what is signed is the hash.
                        case ED25519 -> Sha256.begin().digest(data);
                    });
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key " + this + " does not sign", e);
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return selector + "._domainkey." + domain + " (" + algorithm.tag() + ")";
    }
}
