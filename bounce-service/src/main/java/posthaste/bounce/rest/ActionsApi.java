package posthaste.bounce.rest;

import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.operator.ActionQuery;
import posthaste.bounce.operator.OperatorAction;
import posthaste.bounce.operator.OperatorActions;

/** {@code /api/v1/actions}: who did what; for admins. */
@RestController
@RequestMapping(path = "/api/v1/actions", produces = "application/json")
public class ActionsApi {
    private static final int LIMIT = 100;

    private final OperatorActions actions;
    private final InstantSource clock;

    ActionsApi(OperatorActions actions, InstantSource clock) {
        this.actions = actions;
        this.clock = clock;
    }

    /** Newest first; a full list bears a link to the next one. */
    @Described("What people did, newest first; for admins")
    @GetMapping
    ResponseEntity<List<OperatorAction>> actions(
            @RequestParam(required = false) @Nullable String operator,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String target,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String before,
            @RequestParam(required = false) @Nullable String limit)
            throws WrongParameterException, LogUnavailableException {
        ActionQuery query =
                ActionParameters.query(
                        operator, action, target, from, to, before, limit, LIMIT, clock.instant());
        List<OperatorAction> found = actions.find(query);
        ResponseEntity.BodyBuilder response = ResponseEntity.ok();
        if (found.size() == query.limit()) {
            String next =
                    ServletUriComponentsBuilder.fromCurrentRequest()
                            .replaceQueryParam("before", found.getLast().id())
                            .build()
                            .toUriString();
            response.header(HttpHeaders.LINK, "<" + next + ">; rel=\"next\"");
        }
        return response.body(found);
    }
}
