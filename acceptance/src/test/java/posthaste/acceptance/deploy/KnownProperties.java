package posthaste.acceptance.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every property that the code or Spring Boot knows, from their metadata. */
public final class KnownProperties {
    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    private final Map<String, JsonNode> byName = new TreeMap<>();

    public KnownProperties() {
        JsonMapper json = JsonMapper.shared();
        try {
            for (URL file :
                    Collections.list(
                            KnownProperties.class.getClassLoader().getResources(METADATA))) {
                try (InputStream in = file.openStream()) {
                    for (JsonNode property : json.readTree(in).path("properties")) {
                        byName.put(property.path("name").asString(), property);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a line of a properties file says something to anybody. */
    public boolean has(String property) {
        return byName.containsKey(property)
                || byName.containsKey(
                        property.replaceFirst(
                                "^(posthaste\\.smtp\\.listeners)\\.[^.]+\\.", "$1.NAME."))
                || byName.entrySet().stream()
                        .anyMatch(known ->
                                isMap(known.getValue())
                                        && !isOfGroups(known.getKey())
                                        && property.startsWith(known.getKey() + "."));
    }

    /** Whether a variable of the environment does, as Spring Boot reads them. */
    public boolean hasVariable(String name) {
        return byName.entrySet().stream()
                .anyMatch(known -> {
                    String variable =
                            known.getKey()
                                    .replace("-", "")
                                    .replace('.', '_')
                                    .toUpperCase(Locale.ROOT);
                    return variable.equals(name)
                            || (isMap(known.getValue()) && name.startsWith(variable + "_"));
                });
    }

    /** Of named groups of properties, which are known one by one. */
    private boolean isOfGroups(String map) {
        return byName.keySet().stream().anyMatch(name -> name.startsWith(map + ".NAME."));
    }

    private static boolean isMap(JsonNode property) {
        return property.path("type").asString("").startsWith("java.util.Map");
    }
}
