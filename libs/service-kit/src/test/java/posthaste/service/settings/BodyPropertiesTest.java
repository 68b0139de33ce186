package posthaste.service.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class BodyPropertiesTest {
    private final RecordUnderTest<BodyProperties> properties =
            new RecordUnderTest<>(BodyProperties.class);

    @Test
    void theDefaultsTakeAQuarterOfTheHeap() {
        assertThat(properties.defaults())
                .isEqualTo(
                        new BodyProperties(
                                BodyStoreKind.FILES,
                                List.of(),
                                0.25,
                                0.25,
                                DataSize.ofMegabytes(64),
                                Duration.ofMinutes(10),
                                Duration.ofMinutes(30),
                                Duration.ofDays(1),
                                DataSize.ofMegabytes(512)));
    }

    @Test
    void everyPropertyIsMapped() throws Exception {
        properties.mapsEveryPropertyOf(
                Map.of(
                        "store", "s3",
                        "folders", "/disk1,/disk2",
                        "memory-share", "0.5",
                        "cache-share", "0",
                        "segment-size", "1MB",
                        "slot", "1m",
                        "primary-bound", "10m",
                        "deferred-bound", "3d",
                        "free-space-floor", "1GB"),
                new BodyProperties(
                        BodyStoreKind.S3,
                        List.of(Path.of("/disk1"), Path.of("/disk2")),
                        0.5,
                        0,
                        DataSize.ofMegabytes(1),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(10),
                        Duration.ofDays(3),
                        DataSize.ofGigabytes(1)));
    }

    @Test
    void wrongValuesAreRefused() {
        properties.refuses("memory-share", "0.9", "is 0.9, but must be from 0.01 to 0.8.");
        properties.refuses("cache-share", "-1", "is -1.0, but must be from 0.0 to 0.9.");
        properties.refuses("segment-size", "1KB", "is 1KB, but must be from 64KB to 1GB.");
        properties.refuses("slot", "2h", "is 2h, but must be whole seconds, up to 1h.");
        properties.refuses("primary-bound", "0s", "is 0s, but must be from 1s to 1d.");
        properties.refuses("deferred-bound", "1m", "is 1m, but must be from 30m to 365d.");
        properties.refuses("free-space-floor", "-1", "is -1B, but must be from 0B to 1024GB.");
    }

    @Test
    void withoutFoldersTheBodiesLieInTheDataDirectory() {
        assertThat(properties.defaults().foldersIn(Path.of("/srv")))
                .containsExactly(Path.of("/srv/bodies"));
    }
}
