package posthaste.service.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import posthaste.body.s3.Checksum;
import posthaste.body.s3.S3BodyStoreSettings;
import posthaste.body.s3.S3Credentials;
import posthaste.body.s3.S3Endpoint;

/**
 * The bucket that holds the bodies when {@code posthaste.body.store} is {@code s3}.
 *
 * @param endpoint of the service, as {@code https://s3.example.org:9000}; empty: Amazon's own in
 *     the region
 * @param region that requests are signed for; services other than Amazon's mostly take any
 * @param bucket that holds the bodies; all services have the same
 * @param createBucket makes the bucket at the start if it is not there, for trying things out: what
 *     protects it is then left at the service's defaults
 * @param prefix of all keys, ending in {@code /}, where a bucket is shared with others; none of
 *     them may lie inside another's
 * @param pathStyle has the bucket in the path, as most services want it; false: in the host name,
 *     as Amazon prefers
 * @param accessKey and {@code secret-key}; both empty: what the machine has (environment, profile,
 *     service account, instance)
 * @param secretKey of the access key; best given as {@code POSTHASTE_S3_SECRETKEY} in the
 *     environment
 * @param caCertificates file of PEM certificates that the service's may come from; empty: those
 *     that Java trusts
 * @param maxConnections to the service at once; at least as many as attempts that read bodies at
 *     the same time
 * @param gather how long a flush waits for more bodies, counted from its eldest: longer makes fewer
 *     requests and slower replies; a client that is alone never waits
 * @param checksum by which the service checks what arrives: {@code md5} is understood everywhere,
 *     {@code crc32c} is cheaper, {@code none} trusts the line
 * @param partSize of a large body's upload: so much memory is taken by each that is under way
 * @param requestWait how long one request may take, with its answer
 * @param operationWait how long a request may take with its repetitions, where no deadline of a
 *     client is shorter; at most a slot
 */
@ConfigurationProperties(prefix = "posthaste.s3", ignoreUnknownFields = false)
public record S3Properties(
        @DefaultValue("") String endpoint,
        @DefaultValue("us-east-1") String region,
        @DefaultValue("") String bucket,
        @DefaultValue("false") boolean createBucket,
        @DefaultValue("") String prefix,
        @DefaultValue("true") boolean pathStyle,
        @DefaultValue("") String accessKey,
        @DefaultValue("") String secretKey,
        @DefaultValue("") String caCertificates,
        @DefaultValue("200") int maxConnections,
        @DefaultValue("50ms") Duration gather,
        @DefaultValue("md5") Checksum checksum,
        @DefaultValue("5MB") DataSize partSize,
        @DefaultValue("8s") Duration requestWait,
        @DefaultValue("20s") Duration operationWait) {
    private static final Pattern ENDPOINT = Pattern.compile("https?://[^/\\s?#]+/?");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]+");
    private static final Pattern BUCKET = Pattern.compile("|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern PREFIX = Pattern.compile("|[A-Za-z0-9._/-]*[A-Za-z0-9._-]/");

    public S3Properties {
        Setting.require(
                "endpoint",
                endpoint,
                endpoint.isEmpty() || ENDPOINT.matcher(endpoint).matches(),
                "http:// or https:// with a host and no path");
        Setting.require("region", region, REGION.matcher(region).matches(), "as eu-central-1");
        Setting.require(
                "bucket",
                bucket,
                BUCKET.matcher(bucket).matches(),
                "3 to 63 small letters, digits, hyphens and dots");
        Setting.require(
                "prefix",
                prefix,
                PREFIX.matcher(prefix).matches() && !prefix.startsWith("/"),
                "empty or end in /, of letters, digits, dots, hyphens, underscores and /");
        Setting.require(
                "secret-key",
                secretKey,
                accessKey.isEmpty() == secretKey.isEmpty(),
                "given exactly when access-key is");
        Setting.between("max-connections", maxConnections, 4, 10_000);
        Setting.between("gather", gather, Duration.ZERO, Duration.ofSeconds(1));
        Setting.between("part-size", partSize, DataSize.ofMegabytes(5), DataSize.ofMegabytes(64));
        Setting.between("request-wait", requestWait, Duration.ofMillis(100), Duration.ofMinutes(1));
        Setting.require(
                "operation-wait",
                operationWait,
                operationWait.compareTo(requestWait) >= 0
                        && operationWait.compareTo(Duration.ofMinutes(10)) <= 0,
                "from request-wait to 10m");
    }

    /** Where the service is. */
    public S3Endpoint toEndpoint() {
        return new S3Endpoint(
                endpoint.isEmpty() ? Optional.empty() : Optional.of(URI.create(endpoint)),
                region,
                pathStyle,
                accessKey.isEmpty()
                        ? new S3Credentials.OfTheMachine()
                        : new S3Credentials.Fixed(accessKey, secretKey),
                maxConnections,
                caCertificates.isEmpty() ? Optional.empty() : Optional.of(Path.of(caCertificates)));
    }

    /**
     * How bodies are kept there.
     *
     * @param cacheSize in bytes
     * @throws SettingException when there is no bucket, or the slot is too short
     */
    public S3BodyStoreSettings toSettings(Duration slot, long cacheSize) {
        Setting.require(
                "s3.bucket",
                bucket,
                !bucket.isEmpty(),
                "the name of a bucket when posthaste.body.store is s3");
        Setting.require(
                "s3.operation-wait",
                operationWait,
                operationWait.compareTo(slot) <= 0,
                "at most posthaste.body.slot");
        S3BodyStoreSettings.Tuning usual = S3BodyStoreSettings.Tuning.DEFAULT;
        return new S3BodyStoreSettings(
                bucket,
                createBucket,
                prefix,
                slot,
                cacheSize,
                gather,
                checksum,
                new S3BodyStoreSettings.Tuning(
                        usual.smallBody(),
                        usual.lanes(),
                        usual.batchSize(),
                        usual.patience(),
                        Math.toIntExact(partSize.toBytes()),
                        requestWait,
                        operationWait));
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "S3Properties[" + endpoint + ", " + region + ", " + bucket + ", " + prefix + "]";
    }
}
