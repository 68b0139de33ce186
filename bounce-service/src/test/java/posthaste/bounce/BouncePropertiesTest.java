package posthaste.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;
import posthaste.service.settings.SettingException;

class BouncePropertiesTest {

    @Test
    void byDefaultTheHostReportsAndItsPostmasterIsAsked() {
        BounceProperties properties = from(Map.of());
        assertThat(properties.reportingMta()).isNotBlank();
        assertThat(properties.postmaster()).isEqualTo("postmaster@" + properties.reportingMta());
        assertThat(properties.maxReturnedMessage()).isEqualTo(DataSize.ofMegabytes(1));
        assertThat(properties.maxReturnedHeader()).isEqualTo(DataSize.ofKilobytes(64));
        assertThat(properties.inFlight()).isEqualTo(32);
        assertThat(properties.storeDeadline()).isEqualTo(Duration.ofSeconds(30));
        assertThat(properties.rules()).isEmpty();
    }

    @Test
    void everyPropertyIsMapped() {
        assertThat(
                        from(
                                Map.of(
                                        "reporting-mta", "mx.example.org",
                                        "postmaster", "mail-admin@example.org",
                                        "max-returned-message", "10MB",
                                        "max-returned-header", "16KB",
                                        "in-flight", "7",
                                        "store-deadline", "3s",
                                        "rules", "ours.toml,more")))
                .isEqualTo(
                        new BounceProperties(
                                "mx.example.org",
                                "mail-admin@example.org",
                                DataSize.ofMegabytes(10),
                                DataSize.ofKilobytes(16),
                                7,
                                Duration.ofSeconds(3),
                                List.of(Path.of("ours.toml"), Path.of("more"))));
    }

    @Test
    void thePostmasterIsAtTheNameThatReports() {
        assertThat(from(Map.of("reporting-mta", "mx.example.org")).postmaster())
                .isEqualTo("postmaster@mx.example.org");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    reporting-mta        | not a domain | reporting-mta is 'not a domain', but must be a domain in ASCII.
                    reporting-mta        | müll.example | reporting-mta is 'müll.example', but must be a domain in ASCII.
                    postmaster           | nobody       | postmaster is 'nobody', but must be an address in ASCII.
                    max-returned-message | 51MB         | max-returned-message is 51MB, but must be from 0B to 50MB.
                    max-returned-header  | 100B         | max-returned-header is 100B, but must be from 1KB to 1MB.
                    in-flight            | 0            | in-flight is 0, but must be from 1 to 10000.
                    store-deadline       | 0s           | store-deadline is 0s, but must be from 100ms to 5m.
                    """)
    void aWrongValueIsToldInOneSentence(String property, String value, String sentence) {
        assertThatThrownBy(() -> from(Map.of(property, value)))
                .rootCause()
                .isInstanceOf(SettingException.class)
                .hasMessage(sentence);
    }

    private static BounceProperties from(Map<String, String> values) {
        Map<String, String> prefixed = new HashMap<>();
        values.forEach((name, value) -> prefixed.put("posthaste.bounce." + name, value));
        return new Binder(new MapConfigurationPropertySource(prefixed))
                .bindOrCreate("posthaste.bounce", BounceProperties.class);
    }
}
