package posthaste.ingest.tls;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyStoreBuilderParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

/**
 * Certificates and what they are used with, all at one time: a change makes new ones.
 *
 * @param suites that are used, at least one
 * @param trust who vouches for clients; null when they are not asked
 * @param certificates those that we show, the first of each chain
 */
record Material(
        SSLContext context,
        List<String> suites,
        @Nullable X509ExtendedTrustManager trust,
        List<X509Certificate> certificates) {

    /**
     * Takes bundles apart and tries whether they can be used.
     *
     * @param bundles the first is for clients that ask for none of the names
     */
    static Material of(List<SslBundle> bundles, ClientCertificates clients)
            throws UnusableCertificateException {
        try {
            List<KeyStore.Builder> stores = new ArrayList<>();
            List<X509Certificate> certificates = new ArrayList<>();
            for (SslBundle bundle : bundles) {
                KeyStore store = bundle.getStores().getKeyStore();
                if (store == null) {
                    throw new UnusableCertificateException("it has no certificate");
                }
                char[] password = password(bundle);
                certificates.add(checked(store, bundle.getKey().getAlias(), password));
                stores.add(
                        KeyStore.Builder.newInstance(
                                store, new KeyStore.PasswordProtection(password)));
            }
            X509ExtendedTrustManager trust =
                    clients == ClientCertificates.NONE ? null : trust(bundles.getFirst());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(stores), trustManagers(trust, clients), null);
            List<String> suites =
                    Suites.of(
                            context.getSupportedSSLParameters().getCipherSuites(),
                            bundles.getFirst().getOptions().getCiphers());
            if (suites.isEmpty()) {
                throw new UnusableCertificateException(
                        "its options allow no cipher suite with forward secrecy and authenticated"
                                + " encryption");
            }
            return new Material(context, suites, trust, List.copyOf(certificates));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new UnusableCertificateException(root(e), e);
        }
    }

    /** The factory that chooses by the name that a client asks for (SNI), else in order. */
    private static KeyManager[] keys(List<KeyStore.Builder> stores)
            throws GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(new KeyStoreBuilderParameters(stores));
        return factory.getKeyManagers();
    }

    private static TrustManager[] trustManagers(
            @Nullable X509ExtendedTrustManager trust, ClientCertificates clients) {
        if (trust == null) {
            return new TrustManager[0];
        }
        return new TrustManager[] {
            clients == ClientCertificates.REQUIRED ? trust : new LenientTrust(trust)
        };
    }

    private static X509ExtendedTrustManager trust(SslBundle bundle)
            throws GeneralSecurityException, UnusableCertificateException {
        KeyStore store = bundle.getStores().getTrustStore();
        // Without one the platform's would be used: every customer of every public authority.
        if (store == null || store.size() == 0) {
            throw new UnusableCertificateException(
                    "it has no trust store, which client certificates are verified against");
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static char[] password(SslBundle bundle) {
        String password = bundle.getKey().getPassword();
        if (password == null) {
            password = bundle.getStores().getKeyStorePassword();
        }
        return password == null ? new char[0] : password.toCharArray();
    }

    /** The certificate, if the key is its own: a server finds out with its first client. */
    private static X509Certificate checked(KeyStore store, @Nullable String alias, char[] password)
            throws GeneralSecurityException, UnusableCertificateException {
        for (String name : alias == null ? Collections.list(store.aliases()) : List.of(alias)) {
            Key key = store.getKey(name, password);
            Certificate certificate = store.getCertificate(name);
            if (key instanceof PrivateKey own && certificate instanceof X509Certificate x509) {
                if (!fit(own, x509.getPublicKey())) {
                    throw new UnusableCertificateException(
                            "its private key is not that of its certificate");
                }
                return x509;
            }
        }
        throw new UnusableCertificateException("it has no certificate with a private key");
    }

    private static boolean fit(PrivateKey key, PublicKey certified)
            throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        byte[] anything = {1, 2, 3};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(anything);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(anything);
        return signature.verify(signed);
    }

    private static String root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
