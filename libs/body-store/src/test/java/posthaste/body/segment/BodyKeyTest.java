package posthaste.body.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.body.Generation;

class BodyKeyTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:19:59.999Z");

    @Test
    void aSlotBeginsAtAMultipleOfItsLength() {
        assertThat(Slot.of(NOW, Duration.ofMinutes(10)).name()).isEqualTo("20261122T081000");
        assertThat(Slot.of(NOW.plusMillis(1), Duration.ofMinutes(10)).name())
                .isEqualTo("20261122T082000");
        assertThat(Slot.of(NOW, Duration.ofSeconds(1)).name()).isEqualTo("20261122T081959");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "primary/20261122T081000/abc-1.f0",
                "hold/example.org/20261122T081000/abc-1.f0",
            })
    void aKeyIsReadAsItWasWritten(String key) {
        assertThat(BodyKey.parse(key).toString()).isEqualTo(key);
    }

    @Test
    void aKeyHasItsParts() {
        assertThat(BodyKey.parse("hold/example.org/20261122T081000/abc-1.f0"))
                .isEqualTo(
                        new BodyKey(
                                new Generation("hold/example.org"),
                                Slot.of(NOW, Duration.ofMinutes(10)),
                                "abc-1",
                                "f0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "primary",
                "primary/20261122T081000",
                "primary/20261122T081000/abc",
                "primary/20261122T081000/../x.f0",
                "../20261122T081000/abc.f0",
                "primary/../../20261122T081000/abc.f0",
                "/primary/20261122T081000/abc.f0",
                "primary/20261322T081000/abc.f0",
                "primary/20261122T081000/abc.F0",
            })
    void whatIsNoKeyIsNoPath(String key) {
        assertThatThrownBy(() -> BodyKey.parse(key)).isInstanceOf(IllegalArgumentException.class);
    }
}
