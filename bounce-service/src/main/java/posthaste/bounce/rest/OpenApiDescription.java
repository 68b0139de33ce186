package posthaste.bounce.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ValueConstants;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/**
 * REST in OpenAPI 3.1, read from the controllers and from the records that they answer with, so
 * that it cannot tell anything else than what is there.
 */
final class OpenApiDescription {
    private static final String PREFIX = "/api/v1";

    private final OpenApiSchemas schemas = new OpenApiSchemas();
    private final Map<String, Map<String, Object>> paths = new TreeMap<>();

    OpenApiDescription(Map<RequestMappingInfo, HandlerMethod> requests) {
        requests.forEach((request, handler) -> {
            for (String pattern : request.getPatternValues()) {
                if (pattern.startsWith(PREFIX + "/")) {
                    for (RequestMethod method : request.getMethodsCondition().getMethods()) {
                        String path = pattern.substring(PREFIX.length());
                        paths.computeIfAbsent(path, _ -> new TreeMap<>())
                                .put(
                                        method.name().toLowerCase(Locale.ROOT),
                                        operation(path, request, handler));
                    }
                }
            }
        });
    }

    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put(
                "info",
                Map.of(
                        "title", "Posthaste",
                        "version", "1",
                        "description", "docs/rest-api.md says what the fields mean."));
        document.put("servers", List.of(Map.of("url", PREFIX)));
        document.put("security", List.of(Map.of("basic", List.of())));
        document.put("paths", paths);
        document.put(
                "components",
                Map.of(
                        "securitySchemes",
                        Map.of("basic", Map.of("type", "http", "scheme", "basic")),
                        "schemas",
                        schemas.all()));
        return document;
    }

    private Map<String, Object> operation(
            String path, RequestMappingInfo request, HandlerMethod handler) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", handler.getMethod().getName());
        Described described = handler.getMethodAnnotation(Described.class);
        if (described != null) {
            operation.put("summary", described.value());
        }
        List<Map<String, Object>> parameters = new ArrayList<>();
        for (MethodParameter parameter : handler.getMethodParameters()) {
            if (parameter.hasParameterAnnotation(PathVariable.class)) {
                parameters.add(parameter(path, "path", parameter.getParameter().getName(), true));
            } else if (parameter.hasParameterAnnotation(RequestParam.class)) {
                parameters.addAll(queryParameters(path, parameter));
            } else if (parameter.hasParameterAnnotation(RequestBody.class)) {
                operation.put(
                        "requestBody",
                        Map.of(
                                "required",
                                true,
                                "content",
                                json(ResolvableType.forMethodParameter(parameter))));
            }
        }
        Set<String> files = media(request.getConsumesCondition().getConsumableMediaTypes());
        if (!files.isEmpty() && !operation.containsKey("requestBody")) {
            operation.put("requestBody", Map.of("required", true, "content", text(files)));
        }
        operation.put("parameters", parameters);
        operation.put(
                "responses",
                responses(
                        media(request.getProducesCondition().getProducibleMediaTypes()),
                        ResolvableType.forMethodParameter(handler.getReturnType())));
        return operation;
    }

    /** A map takes all parameters of a search. */
    private static List<Map<String, Object>> queryParameters(
            String path, MethodParameter parameter) {
        List<Map<String, Object>> parameters = new ArrayList<>();
        if (Map.class.isAssignableFrom(parameter.getParameterType())) {
            SearchParameters.names()
                    .forEach(name -> parameters.add(parameter(path, "query", name, false)));
            if (path.endsWith("/export")) {
                parameters.add(parameter(path, "query", "format", false));
            }
        } else {
            RequestParam given = parameter.getParameterAnnotation(RequestParam.class);
            parameters.add(
                    parameter(
                            path,
                            "query",
                            parameter.getParameter().getName(),
                            given != null
                                    && given.required()
                                    && ValueConstants.DEFAULT_NONE.equals(given.defaultValue())));
        }
        return parameters;
    }

    private static Map<String, Object> parameter(
            String path, String in, String name, boolean required) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", name);
        parameter.put("in", in);
        parameter.put("required", required);
        parameter.put("schema", OpenApiParameters.schema(path, name));
        return parameter;
    }

    /** What is no JSON. */
    private static Set<String> media(Set<MediaType> types) {
        return types.stream()
                .map(MediaType::toString)
                .filter(type -> !type.equals(MediaType.APPLICATION_JSON_VALUE))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Object> text(Set<String> types) {
        Map<String, Object> content = new LinkedHashMap<>();
        types.forEach(type -> content.put(type, Map.of("schema", Map.of("type", "string"))));
        return content;
    }

    private Map<String, Object> responses(Set<String> files, ResolvableType returned) {
        ResolvableType body =
                ResponseEntity.class.isAssignableFrom(returned.toClass())
                        ? returned.getGeneric(0)
                        : returned;
        Map<String, Object> responses = new LinkedHashMap<>();
        boolean isMessage = body.toClass() == void.class;
        responses.put(
                "200",
                Map.of(
                        "description",
                        "The answer",
                        "content",
                        isMessage
                                ? text(Set.of("message/rfc822"))
                                : files.isEmpty() ? json(body) : text(files)));
        responses.put(
                "default",
                Map.of(
                        "description",
                        "A problem (RFC 9457)",
                        "content",
                        Map.of(
                                "application/problem+json",
                                Map.of("schema", Map.of("type", "object")))));
        return responses;
    }

    private Map<String, Object> json(ResolvableType type) {
        return Map.of("application/json", Map.of("schema", schemas.of(type)));
    }
}
