package posthaste.ingest.dkim;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A private key as text (RFC 7468), as OpenSSL and opendkim-genkey write it. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    /** RFC 8301 section 3.2 wants this of signers. */
    private static final int FEWEST_BITS = 2048;

    /** Version 0 and the algorithm rsaEncryption with its NULL, of a PKCS #8 structure. */
    private static final byte[] RSA_ENCRYPTION =
            HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;

    private Pem() {}

    /** A key, and of which kind. */
    record Key(KeyAlgorithm algorithm, PrivateKey key) {}

    /** A text that holds no key for us; the message says why and nothing of the text. */
    static final class UnfitKeyException extends Exception {
        UnfitKeyException(String reason) {
            super(reason);
        }
    }

    static Key read(String text) throws UnfitKeyException {
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            String label = blocks.group(1);
            String content = blocks.group(2);
            switch (label) {
                case "PRIVATE KEY" -> {
                    return key(decoded(content));
                }
                case "RSA PRIVATE KEY" -> {
                    if (content.contains("ENCRYPTED")) {
                        throw encrypted();
                    }
                    return key(pkcs8(decoded(content)));
                }
                case "ENCRYPTED PRIVATE KEY" -> throw encrypted();
                default -> {
                    // Parameters or a public key may stand beside the private one.
                }
            }
        }
        throw new UnfitKeyException("holds no private key in PEM");
    }

    private static UnfitKeyException encrypted() {
        return new UnfitKeyException(
                "holds an encrypted key; it has to be without a passphrase, and readable by us alone");
    }

    private static byte[] decoded(String base64) throws UnfitKeyException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new UnfitKeyException("holds a private key whose base64 is broken");
        }
    }

    private static Key key(byte[] pkcs8) throws UnfitKeyException {
        for (KeyAlgorithm algorithm : List.of(KeyAlgorithm.RSA, KeyAlgorithm.ED25519)) {
            PrivateKey key;
            try {
                key =
                        KeyFactory.getInstance(algorithm.key())
                                .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException e) {
                // Of another kind, or damaged: told below.
                continue;
            }
            check(key);
            return new Key(algorithm, key);
        }
        throw new UnfitKeyException("holds a private key that is neither RSA nor Ed25519");
    }

    private static void check(PrivateKey key) throws UnfitKeyException {
        if (key instanceof RSAPrivateKey rsa && rsa.getModulus().bitLength() < FEWEST_BITS) {
            throw new UnfitKeyException(
                    "holds an RSA key of "
                            + rsa.getModulus().bitLength()
                            + " bits; "
                            + FEWEST_BITS
                            + " are the fewest");
        }
        if (key instanceof EdECPrivateKey ed
                && !ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
            throw new UnfitKeyException("holds a private key that is neither RSA nor Ed25519");
        }
    }

    /** RFC 8017's bare RSA key in the form that tells its kind. */
    private static byte[] pkcs8(byte[] pkcs1) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(RSA_ENCRYPTION);
        content.writeBytes(tagged(OCTET_STRING, pkcs1));
        return tagged(SEQUENCE, content.toByteArray());
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
