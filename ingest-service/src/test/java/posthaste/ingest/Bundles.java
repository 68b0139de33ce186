package posthaste.ingest;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import posthaste.ingest.tls.ClientCertificates;
import posthaste.ingest.tls.ServerTls;
import posthaste.ingest.tls.UnusableCertificateException;
import posthaste.testing.SelfSignedCertificate;

/** SSL bundles as Spring Boot makes them of PEM files. */
final class Bundles {
    private Bundles() {}

    static SslBundle of(SelfSignedCertificate own) {
        return of(own.certificatePem(), own.privateKeyPem(), null);
    }

    static SslBundle of(SelfSignedCertificate own, SelfSignedCertificate trusted) {
        return of(own.certificatePem(), own.privateKeyPem(), trusted.certificatePem());
    }

    static SslBundle of(String certificate, String key, @Nullable String trusted) {
        return SslBundle.of(
                new PemSslStoreBundle(
                        PemSslStoreDetails.forCertificate(certificate).withPrivateKey(key),
                        trusted == null ? null : PemSslStoreDetails.forCertificate(trusted)));
    }

    static ServerTls tls(SslBundle bundle, ClientCertificates clients) {
        return tls(new DefaultSslBundleRegistry("own", bundle), List.of("own"), clients);
    }

    static ServerTls tls(
            DefaultSslBundleRegistry bundles, List<String> names, ClientCertificates clients) {
        try {
            return ServerTls.of(bundles, names, clients);
        } catch (UnusableCertificateException e) {
            throw new IllegalStateException(e);
        }
    }
}
