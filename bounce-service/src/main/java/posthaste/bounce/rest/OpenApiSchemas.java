package posthaste.bounce.rest;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/** JSON Schema of what records are written as; each record is described once and referred to. */
final class OpenApiSchemas {
    private final Map<String, Map<String, Object>> records = new TreeMap<>();

    /** Those of the records met so far, by name. */
    Map<String, Map<String, Object>> all() {
        return records;
    }

    Map<String, Object> of(ResolvableType type) {
        Class<?> raw = type.toClass();
        if (Optional.class.isAssignableFrom(raw)) {
            return Map.of("anyOf", List.of(of(type.getGeneric(0)), Map.of("type", "null")));
        }
        if (Collection.class.isAssignableFrom(raw)) {
            return Map.of("type", "array", "items", of(type.getGeneric(0)));
        }
        if (raw.isRecord()) {
            return Map.of("$ref", "#/components/schemas/" + describe(raw));
        }
        if (raw.isEnum()) {
            return Map.of(
                    "type",
                    "string",
                    "enum",
                    Arrays.stream(raw.getEnumConstants()).map(Object::toString).toList());
        }
        return plain(raw);
    }

    private static Map<String, Object> plain(Class<?> raw) {
        if (raw == Duration.class) {
            return Map.of("type", "string", "format", "duration");
        }
        if (raw == Instant.class) {
            return Map.of("type", "string", "format", "date-time");
        }
        if (raw == String.class) {
            return Map.of("type", "string");
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return Map.of("type", "boolean");
        }
        if (raw == int.class || raw == Integer.class) {
            return Map.of("type", "integer", "format", "int32");
        }
        if (raw == long.class || raw == Long.class) {
            return Map.of("type", "integer", "format", "int64");
        }
        if (raw == double.class || raw == Double.class) {
            return Map.of("type", "number");
        }
        return Map.of("type", "object");
    }

    private String describe(Class<?> raw) {
        String name = name(raw);
        if (!records.containsKey(name)) {
            Map<String, Object> schema = new LinkedHashMap<>();
            records.put(name, schema);
            Map<String, Object> properties = new LinkedHashMap<>();
            Set<String> optional = new HashSet<>();
            for (RecordComponent component : raw.getRecordComponents()) {
                Map<String, Object> plain =
                        of(ResolvableType.forMethodReturnType(component.getAccessor()));
                boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
                if (nullable) {
                    optional.add(component.getName());
                }
                properties.put(
                        component.getName(),
                        nullable ? Map.of("anyOf", List.of(plain, Map.of("type", "null"))) : plain);
            }
            for (Method method : raw.getDeclaredMethods()) {
                // As Jackson takes them: what a record derives from its components.
                if (method.getName().matches("is[A-Z].*")
                        && method.getParameterCount() == 0
                        && method.getReturnType() == boolean.class) {
                    properties.put(
                            method.getName().substring(2, 3).toLowerCase(Locale.ROOT)
                                    + method.getName().substring(3),
                            plain(boolean.class));
                }
            }
            schema.put("type", "object");
            schema.put("properties", properties);
            schema.put(
                    "required",
                    properties.keySet().stream()
                            .filter(property -> !optional.contains(property))
                            .toList());
        }
        return name;
    }

    private static String name(Class<?> raw) {
        Class<?> outer = raw.getEnclosingClass();
        return (outer == null ? "" : outer.getSimpleName()) + raw.getSimpleName();
    }
}
