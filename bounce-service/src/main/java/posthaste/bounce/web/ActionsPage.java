package posthaste.bounce.web;

import java.time.InstantSource;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.operator.ActionQuery;
import posthaste.bounce.operator.OperatorAction;
import posthaste.bounce.operator.OperatorActions;
import posthaste.bounce.rest.ActionParameters;
import posthaste.bounce.rest.WrongParameterException;

/** The page of who did what. */
@Controller
public class ActionsPage {
    private static final int PAGE = 100;

    private final OperatorActions actions;
    private final InstantSource clock;

    ActionsPage(OperatorActions actions, InstantSource clock) {
        this.actions = actions;
        this.clock = clock;
    }

    /** The search as it was typed. */
    public record Form(String operator, String action, String target) {}

    @GetMapping("/actions")
    String actions(
            @RequestParam(defaultValue = "") String operator,
            @RequestParam(defaultValue = "") String action,
            @RequestParam(defaultValue = "") String target,
            @RequestParam(defaultValue = "") String before,
            Model model)
            throws WrongParameterException, LogUnavailableException {
        ActionQuery query =
                ActionParameters.query(
                        operator, action, target, "", "", before, "", PAGE, clock.instant());
        List<OperatorAction> found = actions.find(query);
        model.addAttribute("form", new Form(operator, action, target));
        model.addAttribute("actions", found);
        if (found.size() == PAGE) {
            model.addAttribute(
                    "next",
                    UriComponentsBuilder.fromPath("/actions")
                            .queryParam("operator", "{operator}")
                            .queryParam("action", "{action}")
                            .queryParam("target", "{target}")
                            .queryParam("before", "{before}")
                            .encode()
                            .buildAndExpand(operator, action, target, found.getLast().id())
                            .toUriString());
        }
        return "actions";
    }
}
