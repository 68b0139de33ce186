package posthaste.bounce.rest;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import posthaste.bounce.deliverylog.LogQuery;
import posthaste.bounce.suppression.SuppressionExport.Format;
import posthaste.service.suppression.SuppressionClass;

/** What parameters may be, in JSON Schema. One name means the same wherever it is taken. */
final class OpenApiParameters {
    private static final Map<String, Object> TEXT = Map.of("type", "string");

    private static final Map<String, Object> MAIL_ID =
            Map.of("type", "string", "pattern", "^[0-9a-z]{26}$");

    /** As {@link TimeParameter} reads it. */
    private static final Map<String, Object> TIME =
            Map.of(
                    "anyOf",
                    List.of(
                            Map.of("type", "string", "format", "date-time"),
                            Map.of("type", "string", "format", "date"),
                            Map.of("type", "string", "pattern", "^\\d{1,6}[smhdw]$")),
                    "description",
                    TimeParameter.ALLOWED);

    private OpenApiParameters() {}

    /**
     * One parameter's.
     *
     * @param path that takes it
     */
    static Map<String, Object> schema(String path, String name) {
        return switch (name) {
            case "from", "to" -> TIME;
            case "limit" ->
                    Map.of(
                            "type",
                            "integer",
                            "minimum",
                            1,
                            "maximum",
                            LogQuery.LIMIT,
                            "default",
                            100);
            case "id" -> MAIL_ID;
            case "before" ->
                    path.equals("/actions")
                            ? Map.of("type", "integer", "format", "int64")
                            : MAIL_ID;
            case "bounceClass" -> oneOf(SearchParameters.classes());
            case "outcome" -> oneOf(SearchParameters.outcomes());
            case "status" ->
                    Map.of("type", "string", "pattern", "^([245](\\.\\d{1,3}){0,2}|[245]\\d\\d)$");
            case "suppressionClass" ->
                    oneOf(
                            Arrays.stream(SuppressionClass.values())
                                    .map(SuppressionClass::word)
                                    .toList());
            case "format" ->
                    oneOf(
                            Arrays.stream(Format.values())
                                    .map(format -> format.name().toLowerCase(Locale.ROOT))
                                    .toList());
            case "removed" -> Map.of("type", "boolean");
            default -> TEXT;
        };
    }

    private static Map<String, Object> oneOf(List<String> words) {
        return Map.of("type", "string", "enum", words);
    }
}
