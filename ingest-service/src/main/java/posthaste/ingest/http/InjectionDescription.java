package posthaste.ingest.http;

import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import posthaste.service.openapi.OpenApiPart;

/**
 * {@code /api/v1/openapi.json} of ingest-service alone, which finds it by its scan. Where all
 * services share a web server, that of the operator's REST has this part in it.
 */
@RestController
public class InjectionDescription {
    private final OpenApiPart submission;

    InjectionDescription(OpenApiPart submission) {
        this.submission = submission;
    }

    /** What stands in {@code openapi.json} beside this class. */
    public static OpenApiPart part() {
        return OpenApiPart.beside(InjectionDescription.class, "openapi.json");
    }

    @GetMapping(path = "/api/v1/openapi.json", produces = "application/json")
    Map<String, Object> openApi() {
        return submission.document();
    }
}
