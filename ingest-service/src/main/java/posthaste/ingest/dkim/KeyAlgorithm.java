package posthaste.ingest.dkim;

/** The kinds of keys (RFC 6376 section 3.3, RFC 8463 section 3). */
public enum KeyAlgorithm {
    RSA("rsa", "RSA", "SHA256withRSA"),
    ED25519("ed25519", "Ed25519", "Ed25519");

    private final String tag;
    private final String key;
    private final String signature;

    KeyAlgorithm(String tag, String key, String signature) {
        this.tag = tag;
        this.key = key;
        this.signature = signature;
    }

    /** As the {@code k} tag of a key record has it. */
    String tag() {
        return tag;
    }

    /** As Java calls the kind of key. */
    String key() {
        return key;
    }

    /** As Java calls the kind of signature. */
    String signature() {
        return signature;
    }
}
