package posthaste.service.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import posthaste.body.s3.Checksum;
import posthaste.body.s3.S3Credentials;
import posthaste.body.s3.S3Endpoint;

class S3PropertiesTest {
    private final RecordUnderTest<S3Properties> properties =
            new RecordUnderTest<>(S3Properties.class);

    @Test
    void theDefaultsAreAmazonsWithWhatTheMachineHas() {
        assertThat(properties.defaults().toEndpoint())
                .isEqualTo(
                        new S3Endpoint(
                                Optional.empty(),
                                "us-east-1",
                                true,
                                new S3Credentials.OfTheMachine(),
                                200,
                                Optional.empty()));
    }

    @Test
    void everyPropertyIsMapped() throws Exception {
        S3Properties all =
                new S3Properties(
                        "https://s3.example.org:9000",
                        "eu-central-1",
                        "mail",
                        true,
                        "relay/",
                        false,
                        "id",
                        "hush",
                        "/etc/ca.pem",
                        50,
                        Duration.ofMillis(5),
                        Checksum.CRC32C,
                        DataSize.ofMegabytes(8),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(9));
        properties.mapsEveryPropertyOf(
                Map.ofEntries(
                        Map.entry("endpoint", "https://s3.example.org:9000"),
                        Map.entry("region", "eu-central-1"),
                        Map.entry("bucket", "mail"),
                        Map.entry("create-bucket", "true"),
                        Map.entry("prefix", "relay/"),
                        Map.entry("path-style", "false"),
                        Map.entry("access-key", "id"),
                        Map.entry("secret-key", "hush"),
                        Map.entry("ca-certificates", "/etc/ca.pem"),
                        Map.entry("max-connections", "50"),
                        Map.entry("gather", "5ms"),
                        Map.entry("checksum", "crc32c"),
                        Map.entry("part-size", "8MB"),
                        Map.entry("request-wait", "2s"),
                        Map.entry("operation-wait", "9s")),
                all);
        assertThat(all.toEndpoint())
                .isEqualTo(
                        new S3Endpoint(
                                Optional.of(URI.create("https://s3.example.org:9000")),
                                "eu-central-1",
                                false,
                                new S3Credentials.Fixed("id", "hush"),
                                50,
                                Optional.of(Path.of("/etc/ca.pem"))));
        assertThat(all.toString() + all.toEndpoint()).doesNotContain("hush");
    }

    @Test
    void wrongValuesAreRefused() {
        properties.refuses(
                "endpoint",
                "s3.example.org",
                "is 's3.example.org', but must be http:// or https:// with a host and no path.");
        properties.refuses("region", "Frankfurt", "is 'Frankfurt', but must be as eu-central-1.");
        properties.refuses(
                "bucket",
                "Mail",
                "is 'Mail', but must be 3 to 63 small letters, digits, hyphens and dots.");
        properties.refuses(
                "prefix",
                "relay",
                "is 'relay', but must be empty or end in /, of letters, digits, dots, hyphens,"
                        + " underscores and /.");
        properties.refuses(
                "secret-key",
                "hush",
                "is (not shown), but must be given exactly when access-key is.");
        properties.refuses("max-connections", "1", "is 1, but must be from 4 to 10000.");
        properties.refuses("gather", "2s", "is 2s, but must be from 0s to 1s.");
        properties.refuses("part-size", "1MB", "is 1MB, but must be from 5MB to 64MB.");
        properties.refuses("request-wait", "2h", "is 2h, but must be from 100ms to 1m.");
        properties.refuses("operation-wait", "1s", "is 1s, but must be from request-wait to 10m.");
    }

    @Test
    void aBucketIsWantedAndASlotLongerThanAnOperation() {
        S3Properties none = properties.defaults();
        assertThatThrownBy(() -> none.toSettings(Duration.ofMinutes(10), 0))
                .hasMessage(
                        "s3.bucket is empty, but must be the name of a bucket when"
                                + " posthaste.body.store is s3.");
        S3Properties some = properties.from(Map.of("bucket", "mail"));
        assertThatThrownBy(() -> some.toSettings(Duration.ofSeconds(10), 0))
                .hasMessage("s3.operation-wait is 20s, but must be at most posthaste.body.slot.");
        assertThat(some.toSettings(Duration.ofMinutes(10), 7).cacheSize()).isEqualTo(7);
    }
}
