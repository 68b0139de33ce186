package posthaste.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAPI description of submission says what the code does. */
class InjectionDescriptionTest {
    private static final Pattern STATUS =
            Pattern.compile("HttpProblem\\s*\\.(?:of|forNow)\\(\\s*(\\d{3})");
    private static final JsonNode DOCUMENT =
            JsonMapper.shared().valueToTree(InjectionDescription.part().document());

    private static List<Map.Entry<String, Class<?>>> described() {
        return List.of(
                Map.entry("SubmittedMail", JsonMail.class),
                Map.entry("Attachment", JsonMail.Attachment.class),
                Map.entry("Personal", JsonMail.Personal.class),
                Map.entry("Accepted", Accepted.class),
                Map.entry("Mail", Accepted.Mail.class),
                Map.entry("Rejected", Accepted.Rejected.class));
    }

    @ParameterizedTest
    @MethodSource("described")
    void aSchemaHasThePropertiesOfItsRecordAndTheirTypes(Map.Entry<String, Class<?>> schema) {
        JsonNode properties = DOCUMENT.at("/components/schemas/" + schema.getKey() + "/properties");
        assertThat(properties.propertyNames())
                .containsExactlyElementsOf(
                        Arrays.stream(schema.getValue().getRecordComponents())
                                .map(RecordComponent::getName)
                                .toList());
        for (RecordComponent component : schema.getValue().getRecordComponents()) {
            String type =
                    List.class.isAssignableFrom(component.getType())
                            ? "array"
                            : Map.class.isAssignableFrom(component.getType()) ? "object" : "string";
            assertThat(properties.get(component.getName()).get("type").asString())
                    .as(component.getName())
                    .isEqualTo(type);
        }
    }

    @Test
    void everyStatusIsDescribedThatARequestMayGet() throws IOException {
        Set<String> given = new TreeSet<>(List.of("202", "413", "403", "422", "429", "503"));
        Path sources =
                Path.of(
                        System.getProperty("posthaste.root"),
                        "ingest-service/src/main/java/posthaste/ingest");
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                STATUS.matcher(Files.readString(file))
                        .results()
                        .forEach(found -> given.add(found.group(1)));
            }
        }
        assertThat(new TreeSet<>(DOCUMENT.at("/paths/~1messages/post/responses").propertyNames()))
                .isEqualTo(given);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references = new ArrayList<>();
        collect(DOCUMENT, references);
        assertThat(references).isNotEmpty();
        for (String reference : references) {
            assertThat(DOCUMENT.at(reference.substring(1)).isObject()).as(reference).isTrue();
        }
    }

    private static void collect(JsonNode node, List<String> references) {
        if (node.has("$ref")) {
            references.add(node.get("$ref").asString());
        }
        node.forEach(child -> collect(child, references));
    }
}
