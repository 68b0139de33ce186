package posthaste.service.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A description of some requests of ours, whole by itself, and ready to become a part of another.
 *
 * @param document in OpenAPI 3.1: maps, lists, texts, numbers
 */
public record OpenApiPart(Map<String, Object> document) {

    /** Reads one that lies beside a class. */
    public static OpenApiPart beside(Class<?> owner, String name) {
        try (InputStream in = Objects.requireNonNull(owner.getResourceAsStream(name), name)) {
            return new OpenApiPart(mapIn(JsonMapper.shared().readValue(in, Map.class)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Adds its paths and components to a description; what stands there about the same is replaced.
     *
     * @param whole with mutable {@code paths} and {@code components}
     */
    public void addTo(Map<String, Object> whole) {
        mapIn(document.get("paths"))
                .forEach((path, operations) ->
                        within(within(whole, "paths"), path).putAll(mapIn(operations)));
        mapIn(document.get("components"))
                .forEach((kind, all) ->
                        within(within(whole, "components"), kind).putAll(mapIn(all)));
    }

    /** The map that stands there, or a new one. */
    private static Map<String, Object> within(Map<String, Object> outer, String key) {
        Map<String, Object> copy = mapIn(outer.get(key));
        outer.put(key, copy);
        return copy;
    }

    private static Map<String, Object> mapIn(@Nullable Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> found) {
            found.forEach((key, content) -> map.put(String.valueOf(key), content));
        }
        return map;
    }
}
