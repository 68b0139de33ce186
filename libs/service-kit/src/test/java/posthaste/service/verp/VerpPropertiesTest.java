package posthaste.service.verp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.mail.envelope.Stream;
import posthaste.service.settings.RecordUnderTest;

class VerpPropertiesTest {
    private static final String SECRET = "a secret of sixteen octets";
    private static final String FILE =
            "a readable file with secrets of at least 16 octets, one a line.";

    private final RecordUnderTest<VerpProperties> properties =
            new RecordUnderTest<>(VerpProperties.class);

    @TempDir private Path folder;

    @Test
    void byDefaultMailsKeepTheirReversePaths() {
        assertThat(properties.defaults().codec()).isEmpty();
    }

    @Test
    void everyPropertyIsMapped() throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), SECRET + "\n");
        properties.mapsEveryPropertyOf(
                Map.of(
                        "domain", "bounces.example.org",
                        "key", SECRET,
                        "key-file", file.toString(),
                        "streams", "bulk",
                        "max-age", "7d"),
                new VerpProperties(
                        "bounces.example.org",
                        SECRET,
                        file.toString(),
                        List.of(new Stream("bulk")),
                        Duration.ofDays(7)));
    }

    @Test
    void wrongValuesAreRefused() throws Exception {
        properties.refuses("domain", "a b", "is 'a b', but must be a domain in ASCII.");
        properties.refuses("domain", "b\u00fccher.example", refusedDomain("b\u00fccher.example"));
        properties.refuses("max-age", "1h", "is 1h, but must be from 1d to 365d.");
        properties.refuses("max-age", "366d", "is 366d, but must be from 1d to 365d.");
        Path missing = folder.resolve("missing");
        properties.refuses(
                "key-file", missing.toString(), "is '" + missing + "', but must be " + FILE);
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        properties.refuses("key-file", empty.toString(), "is '" + empty + "', but must be " + FILE);
    }

    @Test
    void aDomainNeedsAKey() {
        assertThatThrownBy(() -> properties.from(Map.of("domain", "bounces.example.org")))
                .rootCause()
                .hasMessageContaining("given, or posthaste.verp.key-file");
    }

    @Test
    void aSecretIsNeverTold() throws Exception {
        String verdict = "is (not shown), but must be secrets of at least 16 octets each.";
        properties.refuses("key", "tooshort", verdict);
        Path file = Files.writeString(folder.resolve("short"), "tooshort");
        assertThatThrownBy(() -> properties.from(Map.of("key-file", file.toString())))
                .satisfies(failure -> {
                    for (Throwable t = failure; t != null; t = t.getCause()) {
                        assertThat(String.valueOf(t.getMessage())).doesNotContain("tooshort");
                    }
                });
        assertThat(properties.from(Map.of("key", SECRET)).toString()).doesNotContain(SECRET);
    }

    private static String refusedDomain(String domain) {
        return "is '" + domain + "', but must be a domain in ASCII.";
    }
}
