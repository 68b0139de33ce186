package posthaste.outbound.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS for {@link TlsPolicy.Verified}; who makes the sockets asks for the host's name, too. */
public final class VerifiedTls {
    private VerifiedTls() {}

    /**
     * Makes client sockets that take certificates of these issuers.
     *
     * @param issuers empty: those that Java trusts
     */
    public static SSLSocketFactory socketFactory(List<X509Certificate> issuers) {
        try {
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store(issuers));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java verifies certificates", e);
        }
    }

    /**
     * Reads certificates from a file in PEM.
     *
     * @throws IllegalArgumentException when it holds none, or cannot be read
     */
    public static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> certificates = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                if (each instanceof X509Certificate certificate) {
                    certificates.add(certificate);
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("certificates cannot be read from " + file, e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("there are no certificates in " + file);
        }
        return certificates;
    }

    private static @Nullable KeyStore store(List<X509Certificate> issuers)
            throws GeneralSecurityException, IOException {
        if (issuers.isEmpty()) {
            return null;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (X509Certificate issuer : issuers) {
            store.setCertificateEntry("issuer" + store.size(), issuer);
        }
        return store;
    }
}
