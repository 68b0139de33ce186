package posthaste.bounce.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import posthaste.service.reload.WrongFileException;
import posthaste.service.settings.SettingException;

class WebhookPropertiesTest {
    private static final String SECRET = "sixteen characters";

    @Test
    void withoutAnyThereIsNone() {
        assertThat(bound(Map.of()).webhooks()).isEmpty();
    }

    @Test
    void whatIsNotSaidIsAsUsual() {
        EndpointProperties crm = endpoint(Map.of());
        assertThat(crm.kinds()).isEmpty();
        assertThat(crm.batchSize()).isEqualTo(100);
        assertThat(crm.batchWait()).isEqualTo(Duration.ofSeconds(1));
        assertThat(crm.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(crm.longestPause()).isEqualTo(Duration.ofMinutes(5));
        assertThat(crm.begin()).isEqualTo(EndpointProperties.Begin.NOW);
    }

    @Test
    void everyPropertyIsMapped() {
        EndpointProperties crm =
                endpoint(
                        Map.of(
                                "kinds", "bounced,delay-warned",
                                "streams", "bulk",
                                "batch-size", "7",
                                "batch-wait", "2s",
                                "timeout", "3s",
                                "longest-pause", "4s",
                                "begin", "earliest"));
        assertThat(crm)
                .isEqualTo(
                        new EndpointProperties(
                                URI.create("https://crm.example.org/hook"),
                                SECRET,
                                null,
                                List.of("bounced", "delay-warned"),
                                List.of("bulk"),
                                7,
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4),
                                EndpointProperties.Begin.EARLIEST));
    }

    @ParameterizedTest
    @CsvSource({
        "url, ftp://crm.example.org/",
        "url, /hook",
        "url, https://user:word@crm.example.org/",
        "url, https://crm.example.org/#there",
        "kinds, opened",
        "streams, No Stream",
        "batch-size, 0",
        "batch-wait, 2m",
        "timeout, 1ms",
        "longest-pause, 2h",
    })
    void aWrongValueIsNamed(String property, String value) {
        assertThatThrownBy(() -> endpoint(Map.of(property, value)))
                .hasStackTraceContaining(
                        SettingException.class.getName() + ": " + property + " is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifteen letters", "whsec_c2hvcnQ=", "whsec_no base64, whatever it is"})
    void aSecretThatIsNoneIsRefusedAndNotShown(String secret) {
        assertThatThrownBy(() -> endpoint(Map.of("secret", secret)))
                .satisfies(e -> {
                    for (Throwable each = e; each != null; each = each.getCause()) {
                        if (each instanceof SettingException wrong) {
                            assertThat(wrong).hasMessageContaining("secret is (not shown)");
                        }
                        assertThat(String.valueOf(each.getMessage())).doesNotContain(secret);
                    }
                });
    }

    @Test
    void aSecretIsNeededAndOneAlone() {
        assertThatThrownBy(() -> endpoint(Map.of("secret", ""))).hasStackTraceContaining("secret");
        assertThatThrownBy(() -> endpoint(Map.of("secret-file", "/etc/secret")))
                .hasStackTraceContaining("by secret-file");
    }

    @Test
    void aNameIsPartOfAGroupsName() {
        Map<String, String> settings =
                Map.of(
                        "posthaste.webhooks[Big One].url",
                        "https://crm.example.org/",
                        "posthaste.webhooks[Big One].secret",
                        SECRET);
        assertThatThrownBy(() -> bound(settings)).hasStackTraceContaining("small letters");
    }

    @Test
    void nobodySeesASecret() {
        assertThat(endpoint(Map.of())).asString().doesNotContain(SECRET);
        assertThat(Secret.parse(SECRET)).asString().doesNotContain(SECRET);
    }

    @Test
    void aWrongFileOfSecretsIsToldByLine(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("secrets");
        Files.writeString(file, SECRET + "\nfifteen letters\n");
        assertThatThrownBy(() -> SecretFile.parse(file))
                .isInstanceOf(WrongFileException.class)
                .hasMessageContaining("line 2")
                .hasMessageNotContaining("fifteen");
        Files.writeString(file, "# none\n");
        assertThatThrownBy(() -> SecretFile.parse(file)).isInstanceOf(WrongFileException.class);
    }

    private static EndpointProperties endpoint(Map<String, String> others) {
        Map<String, String> settings = new HashMap<>();
        settings.put("url", "https://crm.example.org/hook");
        settings.put("secret", SECRET);
        settings.putAll(others);
        settings.values().removeIf(String::isEmpty);
        Map<String, String> all = new HashMap<>();
        settings.forEach((name, value) -> all.put("posthaste.webhooks.crm." + name, value));
        EndpointProperties bound = bound(all).webhooks().get("crm");
        assertThat(bound).isNotNull();
        return bound;
    }

    private static WebhookProperties bound(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("posthaste", WebhookProperties.class);
    }
}
