package posthaste.bounce.rest;

import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import posthaste.service.openapi.OpenApiPart;

/** {@code /api/v1/openapi.json}: REST as OpenAPI describes it, for those who generate clients. */
@RestController
public class OpenApi {
    private final ObjectProvider<RequestMappingHandlerMapping> requests;
    private final ObjectProvider<OpenApiPart> parts;

    OpenApi(
            @Qualifier("requestMappingHandlerMapping")
                    ObjectProvider<RequestMappingHandlerMapping> requests,
            ObjectProvider<OpenApiPart> parts) {
        this.requests = requests;
        this.parts = parts;
    }

    @GetMapping(path = "/api/v1/openapi.json", produces = "application/json")
    @Described("This description")
    Map<String, Object> openApi() {
        Map<String, Object> document =
                new OpenApiDescription(requests.getObject().getHandlerMethods()).document();
        parts.orderedStream().forEach(part -> part.addTo(document));
        return document;
    }
}
