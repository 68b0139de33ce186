package posthaste.testing.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What the tests that use the server rely on. */
class S3ServerIT {
    private static final String BUCKET = "mail";

    @TempDir Path folder;

    private S3Server server;
    private S3Client client;

    @BeforeEach
    void start() throws IOException {
        server = S3Server.in(folder);
        server.createBucket(BUCKET);
        client = client(server.endpoint(), S3Server.SECRET_KEY);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void objectsAreKeptOverARestart() throws IOException {
        put("primary/a", "kept");
        client.close();
        server.close();
        server = S3Server.in(folder);
        client = client(server.endpoint(), S3Server.SECRET_KEY);
        assertThat(get("primary/a")).isEqualTo("kept");
    }

    @Test
    void aPartOfAnObjectCanBeRead() {
        put("a", "0123456789");
        assertThat(
                        client.getObjectAsBytes(b -> b.bucket(BUCKET).key("a").range("bytes=3-5"))
                                .asUtf8String())
                .isEqualTo("345");
    }

    @Test
    void whoDoesNotKnowTheSecretIsRefused() {
        try (S3Client stranger = client(server.endpoint(), "guessed")) {
            assertThatThrownBy(() -> stranger.headBucket(b -> b.bucket(BUCKET)))
                    .isInstanceOf(S3Exception.class)
                    .extracting(e -> ((S3Exception) e).statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void aMultipartUploadIsOneObjectAfterItsCompletionAndNoneBefore() {
        String upload = client.createMultipartUpload(b -> b.bucket(BUCKET).key("large")).uploadId();
        byte[] part = new byte[5 * 1024 * 1024];
        Arrays.fill(part, (byte) 'x');
        String first = uploadPart(upload, 1, part);
        String second = uploadPart(upload, 2, new byte[] {'y'});
        assertThatThrownBy(() -> get("large")).isInstanceOf(NoSuchKeyException.class);
        assertThat(client.listMultipartUploads(b -> b.bucket(BUCKET)).uploads()).hasSize(1);
        client.completeMultipartUpload(b ->
                b.bucket(BUCKET)
                        .key("large")
                        .uploadId(upload)
                        .multipartUpload(m ->
                                m.parts(
                                        CompletedPart.builder().partNumber(1).eTag(first).build(),
                                        CompletedPart.builder()
                                                .partNumber(2)
                                                .eTag(second)
                                                .build())));
        assertThat(get("large")).hasSize(part.length + 1).endsWith("xy");
        assertThat(client.listMultipartUploads(b -> b.bucket(BUCKET)).uploads()).isEmpty();
        assertThat(server.requests().of(S3Operation.UPLOAD_PART)).isEqualTo(2);
        assertThat(server.requests().puts()).isEqualTo(4);
    }

    @Test
    void aRefusedRequestIsNotDone() {
        server.faults().add(S3Fault.status(503).on(S3Operation.PUT_OBJECT).times(1));
        assertThatThrownBy(() -> put("a", "refused"))
                .isInstanceOf(S3Exception.class)
                .hasMessageContaining("503");
        assertThatThrownBy(() -> get("a")).isInstanceOf(NoSuchKeyException.class);
        put("a", "stored");
        assertThat(get("a")).isEqualTo("stored");
        assertThat(server.requests().of(S3Operation.PUT_OBJECT)).isEqualTo(2);
    }

    @Test
    void aRequestWhoseAnswerIsLostIsDone() {
        server.faults().add(S3Fault.answerLost().on(S3Operation.PUT_OBJECT).times(1));
        assertThatThrownBy(() -> put("a", "stored")).isInstanceOf(SdkClientException.class);
        assertThat(get("a")).isEqualTo("stored");
    }

    @Test
    void aResetCutsTheLine() {
        server.faults().add(S3Fault.reset().times(1));
        assertThatThrownBy(() -> put("a", "lost")).isInstanceOf(SdkClientException.class);
        assertThatThrownBy(() -> get("a")).isInstanceOf(NoSuchKeyException.class);
    }

    @Test
    void aShareOfTheRequestsFails() {
        put("a", "there");
        server.faults().add(S3Fault.status(500).forShare(0.5));
        int failed = 0;
        for (int i = 0; i < 40; i++) {
            try {
                get("a");
            } catch (S3Exception e) {
                failed++;
            }
        }
        assertThat(failed).isBetween(5, 35);
    }

    @Test
    void anObjectIsMissingWhileTheFaultLasts() {
        put("a", "there");
        put("b", "there");
        server.faults().add(S3Fault.missing().forKeysWith("a"));
        assertThatThrownBy(() -> get("a")).isInstanceOf(NoSuchKeyException.class);
        assertThat(get("b")).isEqualTo("there");
        server.faults().clear();
        assertThat(get("a")).isEqualTo("there");
    }

    @Test
    void anAnswerIsDamagedInItsLastByte() {
        put("a", "bytes");
        server.faults().add(S3Fault.damagedAnswer().on(S3Operation.GET_OBJECT).times(1));
        assertThat(get("a")).isEqualTo("byter");
        assertThat(get("a")).isEqualTo("bytes");
    }

    @Test
    void aSlowServerIsSlow() {
        put("a", "b".repeat(1000));
        server.faults().add(S3Fault.latency(Duration.ofMillis(200)).times(1));
        server.faults().add(S3Fault.slowAnswer(4000).on(S3Operation.GET_OBJECT).times(1));
        long begun = System.nanoTime();
        assertThat(get("a")).hasSize(1000);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)).isGreaterThan(400);
    }

    @Test
    void aProcessOfItsOwnIsSwitchedFromOutside() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                S3ServerProcess.class.getName(),
                                "--folder",
                                folder.toString(),
                                "--bucket",
                                "elsewhere")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            String line = said.readLine();
            assertThat(line).startsWith("s3 ready ");
            URI endpoint = URI.create(line.substring("s3 ready ".length()));
            try (S3ServerControl control = new S3ServerControl(endpoint);
                    S3Client other = client(endpoint, S3Server.SECRET_KEY)) {
                other.headBucket(b -> b.bucket("elsewhere"));
                control.add(S3Fault.status(500).on(S3Operation.HEAD_BUCKET));
                assertThatThrownBy(() -> other.headBucket(b -> b.bucket("elsewhere")))
                        .isInstanceOf(S3Exception.class);
                control.clear();
                other.headBucket(b -> b.bucket("elsewhere"));
                assertThat(control.requests(S3Operation.HEAD_BUCKET)).isEqualTo(3);
                control.resetRequests();
                assertThat(control.requests(S3Operation.HEAD_BUCKET)).isZero();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private void put(String key, String content) {
        client.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromString(content));
    }

    private String get(String key) {
        return client.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)).asUtf8String();
    }

    private String uploadPart(String upload, int number, byte[] content) {
        return client.uploadPart(
                        b -> b.bucket(BUCKET).key("large").uploadId(upload).partNumber(number),
                        RequestBody.fromBytes(content))
                .eTag();
    }

    private static S3Client client(URI endpoint, String secret) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(S3Server.ACCESS_KEY, secret)))
                .httpClientBuilder(Apache5HttpClient.builder())
                .overrideConfiguration(b -> b.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }
}
