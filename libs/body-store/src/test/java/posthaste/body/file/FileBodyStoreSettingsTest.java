package posthaste.body.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileBodyStoreSettingsTest {
    private final FileBodyStoreSettings settings =
            FileBodyStoreSettings.of(List.of(Path.of("data/bodies")));

    @Test
    void whatNobodySetsIsTheEmbeddedDefault() {
        assertThat(settings.segmentSize()).isEqualTo(64 << 20);
        assertThat(settings.slot()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.freeSpaceFloor()).isEqualTo(512 << 20);
        assertThat(settings.tuning().smallBody()).isEqualTo(1 << 20);
    }

    @Test
    void aWrongValueIsNamedWithWhatIsAllowed() {
        assertThatThrownBy(() -> settings.withSegmentSize(5))
                .hasMessage("the segment size in bytes is 5; allowed: 64 KiB to 16 GiB");
        assertThatThrownBy(() -> settings.withSlot(Duration.ofMillis(1500)))
                .hasMessage("the slot is PT1.5S; allowed: whole seconds, up to a day");
        assertThatThrownBy(() -> settings.withFreeSpaceFloor(-1))
                .hasMessage("the free-space floor is -1; allowed: 0 bytes or more");
        assertThatThrownBy(() -> settings.withCacheSize(-1))
                .hasMessage("the cache size is -1; allowed: 0 bytes or more");
        assertThatThrownBy(() -> FileBodyStoreSettings.of(List.of()))
                .hasMessageEndingWith("allowed: one or more different folders");
        assertThatThrownBy(() -> FileBodyStoreSettings.of(List.of(Path.of("a"), Path.of("b/../a"))))
                .hasMessageEndingWith("allowed: one or more different folders");
    }
}
