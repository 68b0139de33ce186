package posthaste.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * A certificate that nobody has reason to trust, made at run time: the JDK can sign one, but has no
 * public class that writes it, so the few lines of DER (RFC 5280 section 4.1) stand here.
 */
public final class SelfSignedCertificate {
    private static final byte[] ECDSA_WITH_SHA256 = hex("300a06082a8648ce3d040302");
    private static final byte[] COMMON_NAME = hex("0603550403");
    private static final byte[] SUBJECT_ALT_NAME = hex("0603551d11");
    private static final byte[] VERSION_3 = hex("a003020102");

    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int DNS_NAME = 0x82;
    private static final int EXTENSIONS = 0xa3;

    private final KeyPair keys;
    private final X509Certificate certificate;

    private SelfSignedCertificate(KeyPair keys, X509Certificate certificate) {
        this.keys = keys;
        this.certificate = certificate;
    }

    /** A certificate for a host name, valid from 2020 to 2049. */
    public static SelfSignedCertificate forHost(String name) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            byte[] encoded = encode(name, keys);
            return new SelfSignedCertificate(
                    keys,
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(encoded)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK signs with elliptic curves", e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** A server's TLS context that shows this certificate. */
    public SSLContext serverContext() {
        try {
            char[] password = {};
            KeyManagerFactory keyManagers =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(store(password), password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory takes its own key", e);
        }
    }

    /** A client's TLS context that shows this certificate, and trusts whatever the server shows. */
    public SSLContext clientContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            char[] password = {};
            KeyManagerFactory keyManagers =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(store(password), password);
            context.init(
                    keyManagers.getKeyManagers(),
                    new TrustManager[] {new SmtpDialogue.TrustAny()},
                    null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory takes its own key", e);
        }
    }

    /** As a file of certificates has it. */
    public String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("it was read from its encoding", e);
        }
    }

    /** As a file of private keys has it (PKCS 8). */
    public String privateKeyPem() {
        return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    private static String pem(String label, byte[] encoded) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END "
                + label
                + "-----\n";
    }

    private KeyStore store(char[] password) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, password);
        store.setKeyEntry("peer", keys.getPrivate(), password, new X509Certificate[] {certificate});
        return store;
    }

    private static byte[] encode(String name, KeyPair keys) throws GeneralSecurityException {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        byte[] distinguishedName =
                der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, text))));
        byte[] validity = der(SEQUENCE, utcTime("200101000000Z"), utcTime("491231235959Z"));
        byte[] alternativeName =
                der(
                        SEQUENCE,
                        SUBJECT_ALT_NAME,
                        der(OCTET_STRING, der(SEQUENCE, der(DNS_NAME, text))));
        byte[] toBeSigned =
                der(
                        SEQUENCE,
                        VERSION_3,
                        der(INTEGER, BigInteger.ONE.toByteArray()),
                        ECDSA_WITH_SHA256,
                        distinguishedName,
                        validity,
                        distinguishedName,
                        keys.getPublic().getEncoded(),
                        der(EXTENSIONS, der(SEQUENCE, alternativeName)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(toBeSigned);
        byte[] noUnusedBits = {0};
        return der(
                SEQUENCE,
                toBeSigned,
                ECDSA_WITH_SHA256,
                der(BIT_STRING, noUnusedBits, signature.sign()));
    }

    private static byte[] utcTime(String time) {
        return der(UTC_TIME, time.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >>> 8);
            out.write(length);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
