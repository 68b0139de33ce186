package posthaste.ingest.tls;

import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import posthaste.ingest.submitter.TlsFacts;

/**
 * Our side of TLS at one listener. A certificate that is exchanged while we run holds for sessions
 * that begin from then on; one that cannot be used changes nothing.
 */
public final class ServerTls {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final ClientCertificates clients;
    private final List<SslBundle> bundles;
    private volatile Material material;

    private ServerTls(List<SslBundle> bundles, ClientCertificates clients)
            throws UnusableCertificateException {
        this.bundles = new ArrayList<>(bundles);
        this.clients = clients;
        this.material = Material.of(bundles, clients);
    }

    /**
     * TLS with the certificates of bundles, followed as they change.
     *
     * @param names of at least one bundle
     * @throws UnusableCertificateException when it cannot be done with them
     */
    public static ServerTls of(SslBundles all, List<String> names, ClientCertificates clients)
            throws UnusableCertificateException {
        List<SslBundle> bundles = new ArrayList<>();
        for (String name : names) {
            try {
                bundles.add(all.getBundle(name));
            } catch (NoSuchSslBundleException e) {
                throw new UnusableCertificateException(
                        "there is no spring.ssl.bundle.pem." + name, e);
            }
        }
        ServerTls tls = new ServerTls(bundles, clients);
        for (int i = 0; i < names.size(); i++) {
            int index = i;
            all.addBundleUpdateHandler(
                    names.get(i), bundle -> tls.renew(names.get(index), index, bundle));
        }
        return tls;
    }

    private synchronized void renew(String name, int index, SslBundle renewed) {
        SslBundle before = bundles.set(index, renewed);
        try {
            material = Material.of(bundles, clients);
            LOG.info(
                    "TLS: bundle {} has been read again; its certificate is of {} now, until {}",
                    name,
                    material.certificates().get(index).getSubjectX500Principal(),
                    material.certificates().get(index).getNotAfter().toInstant());
        } catch (UnusableCertificateException e) {
            bundles.set(index, before);
            LOG.error(
                    "TLS: bundle {} has changed and cannot be used: {}; the one before stays in"
                            + " force",
                    name,
                    e.getMessage());
        }
    }

    /** For one session. */
    public SSLEngine newEngine() {
        Material current = material;
        SSLEngine engine = current.context().createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(Suites.PROTOCOLS.toArray(String[]::new));
        parameters.setCipherSuites(current.suites().toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        switch (clients) {
            case NONE -> {}
            case WANTED -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** What came of a handshake. */
    public TlsFacts facts(SSLEngine engine) {
        SSLSession session = engine.getSession();
        return new TlsFacts(session.getProtocol(), session.getCipherSuite(), verified(session));
    }

    private Optional<X509Certificate> verified(SSLSession session) {
        X509ExtendedTrustManager trust = material.trust();
        if (trust == null) {
            return Optional.empty();
        }
        try {
            Certificate[] shown = session.getPeerCertificates();
            X509Certificate[] chain = new X509Certificate[shown.length];
            for (int i = 0; i < chain.length; i++) {
                if (!(shown[i] instanceof X509Certificate certificate)) {
                    return Optional.empty();
                }
                chain[i] = certificate;
            }
            trust.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
            return Optional.of(chain[0]);
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        } catch (CertificateException e) {
            LOG.debug("a client's certificate is not trusted: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
