package posthaste.ingest.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import posthaste.ingest.submitter.TlsFacts;
import posthaste.testing.SelfSignedCertificate;

@ExtendWith(OutputCaptureExtension.class)
class ServerTlsIT {
    private static final SelfSignedCertificate OURS = SelfSignedCertificate.forHost("mx.test");
    private static final SelfSignedCertificate FRIEND = SelfSignedCertificate.forHost("friend");
    private static final SelfSignedCertificate STRANGER = SelfSignedCertificate.forHost("other");

    @TempDir private Path folder;

    @Test
    void aClientIsKnownByACertificateThatWeTrustAndNoOther() throws Exception {
        ServerTls tls =
                ServerTls.of(
                        new DefaultSslBundleRegistry("own", bundle(OURS, FRIEND)),
                        List.of("own"),
                        ClientCertificates.WANTED);
        assertThat(facts(tls, FRIEND.clientContext()).certificate()).contains(FRIEND.certificate());
        assertThat(facts(tls, STRANGER.clientContext()).certificate()).isEmpty();
    }

    @Test
    void clientsAreVerifiedAgainstATrustStoreOfOursAndNoOther() {
        SslBundle bundle =
                SslBundle.of(
                        new PemSslStoreBundle(
                                PemSslStoreDetails.forCertificate(OURS.certificatePem())
                                        .withPrivateKey(OURS.privateKeyPem()),
                                null));
        assertThatThrownBy(() ->
                        ServerTls.of(
                                new DefaultSslBundleRegistry("own", bundle),
                                List.of("own"),
                                ClientCertificates.WANTED))
                .isInstanceOf(UnusableCertificateException.class)
                .hasMessageContaining("trust store");
    }

    @Test
    void aBundleThatIsNotThereIsNamed() {
        assertThatThrownBy(() ->
                        ServerTls.of(
                                new DefaultSslBundleRegistry(),
                                List.of("gone"),
                                ClientCertificates.NONE))
                .hasMessage("there is no spring.ssl.bundle.pem.gone");
    }

    @Test
    void filesThatAreExchangedAreReadAgainAndWrongOnesChangeNothing(CapturedOutput log)
            throws Exception {
        Path certificate = folder.resolve("certificate.pem");
        Path key = folder.resolve("key.pem");
        write(certificate, OURS.certificatePem());
        write(key, OURS.privateKeyPem());
        try (ConfigurableApplicationContext context = context(certificate, key)) {
            ServerTls tls =
                    ServerTls.of(
                            context.getBean(SslBundles.class),
                            List.of("own"),
                            ClientCertificates.NONE);
            assertThat(shown(tls)).isEqualTo(OURS.certificate());

            write(certificate, "nonsense");
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            log.getAll().contains("bundle own has changed and cannot be used"));
            assertThat(shown(tls)).isEqualTo(OURS.certificate());

            write(certificate, STRANGER.certificatePem());
            write(key, STRANGER.privateKeyPem());
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(shown(tls)).isEqualTo(STRANGER.certificate()));
        }
    }

    private static ConfigurableApplicationContext context(Path certificate, Path key) {
        return new SpringApplicationBuilder(BundlesOnly.class)
                .web(WebApplicationType.NONE)
                .properties("spring.config.name=none")
                .run(
                        "--spring.ssl.bundle.pem.own.keystore.certificate=file:" + certificate,
                        "--spring.ssl.bundle.pem.own.keystore.private-key=file:" + key,
                        "--spring.ssl.bundle.pem.own.reload-on-update=true",
                        "--spring.ssl.bundle.watch.file.quiet-period=200ms");
    }

    /** As a careful tool does: a file is never seen half written. */
    private static void write(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(
                fresh,
                file,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static SslBundle bundle(SelfSignedCertificate own, SelfSignedCertificate trusted) {
        return SslBundle.of(
                new PemSslStoreBundle(
                        PemSslStoreDetails.forCertificate(own.certificatePem())
                                .withPrivateKey(own.privateKeyPem()),
                        PemSslStoreDetails.forCertificate(trusted.certificatePem())));
    }

    private static X509Certificate shown(ServerTls tls) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            CompletableFuture<TlsFacts> ours =
                    CompletableFuture.supplyAsync(() -> accept(server, tls));
            try (SSLSocket client = connect(server, STRANGER.clientContext())) {
                X509Certificate shown =
                        (X509Certificate) client.getSession().getPeerCertificates()[0];
                ours.get(20, TimeUnit.SECONDS);
                return shown;
            }
        }
    }

    private static TlsFacts facts(ServerTls tls, SSLContext context) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            CompletableFuture<TlsFacts> ours =
                    CompletableFuture.supplyAsync(() -> accept(server, tls));
            try (SSLSocket client = connect(server, context)) {
                assertThat(client.getSession().isValid()).isTrue();
                return ours.get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static SSLSocket connect(ServerSocket server, SSLContext context) throws IOException {
        SSLSocket client =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(server.getInetAddress(), server.getLocalPort());
        client.startHandshake();
        return client;
    }

    private static TlsFacts accept(ServerSocket server, ServerTls tls) {
        try (Socket socket = server.accept()) {
            SSLEngine engine = tls.newEngine();
            new TlsChannel(engine, socket.getInputStream(), socket.getOutputStream(), new byte[0])
                    .handshake();
            return tls.facts(engine);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(SslAutoConfiguration.class)
    static class BundlesOnly {}
}
