package posthaste.body.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes clients that behave alike with Amazon's and everybody else's service. */
final class S3Clients {
    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** Less than services keep a connection that is idle, so that few are found cut. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    private S3Clients() {}

    /**
     * A client that tries once and asks nobody anything yet.
     *
     * @throws S3RefusedException when the certificates cannot be read
     */
    static S3Client open(S3Endpoint endpoint, Duration requestWait) throws S3RefusedException {
        Apache5HttpClient.Builder http =
                Apache5HttpClient.builder()
                        .maxConnections(endpoint.maxConnections())
                        .connectionAcquisitionTimeout(requestWait)
                        .connectionTimeout(CONNECT)
                        .socketTimeout(requestWait)
                        .connectionMaxIdleTime(IDLE)
                        .tcpKeepAlive(true);
        if (endpoint.authorities().isPresent()) {
            TrustManager[] trust = trust(endpoint.authorities().get());
            http.tlsTrustManagersProvider(() -> trust);
        }
        S3ClientBuilder client =
                S3Client.builder()
                        .region(Region.of(endpoint.region()))
                        .forcePathStyle(endpoint.pathStyle())
                        .credentialsProvider(credentials(endpoint.credentials()))
                        .httpClientBuilder(http)
                        // Retries are ours: they keep to a deadline and are counted.
                        .overrideConfiguration(
                                b -> b.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                        // Newer checksums, trailers and chunked signatures are not understood
                        // everywhere.
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                        .addPlugin(LegacyMd5Plugin.create())
                        .serviceConfiguration(b -> b.chunkedEncodingEnabled(false));
        endpoint.uri().ifPresent(client::endpointOverride);
        return client.build();
    }

    private static AwsCredentialsProvider credentials(S3Credentials credentials) {
        return switch (credentials) {
            case S3Credentials.Fixed(String accessKey, String secretKey) ->
                    StaticCredentialsProvider.create(
                            AwsBasicCredentials.create(accessKey, secretKey));
            case S3Credentials.OfTheMachine() -> DefaultCredentialsProvider.builder().build();
        };
    }

    private static TrustManager[] trust(Path authorities) throws S3RefusedException {
        try (InputStream pem = Files.newInputStream(authorities)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate one :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("authority-" + number++, one);
            }
            if (number == 0) {
                throw new S3RefusedException(authorities + " holds no certificate");
            }
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw new S3RefusedException(
                    "the certificates in " + authorities + " cannot be read: " + e, e);
        }
    }
}
