package posthaste.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds docs/configuration.md to the code: it is made from the {@code @param} texts of the
 * properties records, and rewritten with {@code -Dposthaste.docs.write=true}.
 */
class ConfigurationReferenceTest {
    private static final Path PAGE =
            Path.of(System.getProperty("posthaste.root", ".."), "docs", "configuration.md");
    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    @Test
    void theReferenceNamesEveryPropertyAsTheCodeHasIt() throws IOException {
        String page = page(properties());
        if (Boolean.getBoolean("posthaste.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as(
                        "docs/configuration.md; rewrite it: mvn verify -pl acceptance -am"
                                + " -Dtest=ConfigurationReferenceTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dposthaste.docs.write=true")
                .isEqualTo(page);
    }

    @Test
    void everyPropertyHasAMeaning() throws IOException {
        assertThat(properties().values())
                .isNotEmpty()
                .allSatisfy(property ->
                        assertThat(property.path("description").asString(""))
                                .as(property.path("name").asString())
                                .isNotBlank());
    }

    private static String page(Map<String, JsonNode> properties) {
        StringBuilder page =
                new StringBuilder(
                        """
                        # Configuration

                        Made from the code by `ConfigurationReferenceTest`; don't edit.

                        Every property can be given as a command line option (`--posthaste.smtp.port=25`), an environment variable
                        (`POSTHASTE_SMTP_PORT=25`) or a line of `application.properties` in the working directory. Durations are written as
                        `30s`, `5m`, `4h`, `10d`, sizes as `64KB`, `150MB`, lists with commas. A wrong value stops the start with a sentence
                        that names it.
                        """);
        String section = "";
        for (JsonNode property : properties.values()) {
            String name = property.path("name").asString();
            if (!section(name).equals(section)) {
                section = section(name);
                page.append("\n## ").append(section).append("\n\n");
                page.append("| property | default | meaning |\n| --- | --- | --- |\n");
            }
            page.append("| `")
                    .append(name)
                    .append("` | ")
                    .append(defaultValue(property.path("defaultValue")))
                    .append(" | ")
                    .append(meaning(property.path("description").asString("")))
                    .append(" |\n");
        }
        return page.toString();
    }

    private static String section(String property) {
        return property.substring(0, property.lastIndexOf('.'));
    }

    private static String defaultValue(JsonNode value) {
        if (value.isMissingNode()) {
            return "";
        }
        if (value.isArray()) {
            return value.isEmpty()
                    ? ""
                    : "`"
                            + String.join(
                                    ",", value.values().stream().map(JsonNode::asString).toList())
                            + "`";
        }
        return value.asString().isEmpty() ? "" : "`" + value.asString() + "`";
    }

    private static String meaning(String javadoc) {
        return javadoc.replaceAll("\\{@(?:code|link)\\s+([^}]*)}", "`$1`")
                .replaceAll("\\s+", " ")
                .replace("|", "\\|")
                .strip();
    }

    private static Map<String, JsonNode> properties() throws IOException {
        JsonMapper json = JsonMapper.shared();
        Map<String, JsonNode> properties =
                new TreeMap<>(
                        Comparator.comparing(ConfigurationReferenceTest::section)
                                .thenComparing(Comparator.naturalOrder()));
        var files = ConfigurationReferenceTest.class.getClassLoader().getResources(METADATA);
        for (URL file : Collections.list(files)) {
            try (InputStream in = file.openStream()) {
                for (JsonNode property : json.readTree(in).path("properties")) {
                    String name = property.path("name").asString();
                    if (name.startsWith("posthaste.")) {
                        properties.put(name, property);
                    }
                }
            }
        }
        return properties;
    }
}
