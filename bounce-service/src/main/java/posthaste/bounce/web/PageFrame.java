package posthaste.bounce.web;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.webmvc.autoconfigure.error.BasicErrorController;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;
import posthaste.bounce.login.WhoAsks;

/** What every page shows around its content: who is logged in, and when it was made. */
@ControllerAdvice(
        basePackageClasses = {Pages.class, WhoAsks.class},
        assignableTypes = BasicErrorController.class)
public class PageFrame {
    private final WhoAsks who;
    private final InstantSource clock;

    PageFrame(WhoAsks who, InstantSource clock) {
        this.who = who;
        this.clock = clock;
    }

    @ModelAttribute
    void frame(HttpServletRequest request, Model model) {
        model.addAllAttributes(around(request));
    }

    /** The same for a page that no controller made. */
    Map<String, Object> around(HttpServletRequest request) {
        Instant now = clock.instant();
        Map<String, Object> frame = new HashMap<>();
        frame.put("now", now);
        frame.put("show", new Shown(now));
        who.of(request).ifPresent(me -> frame.put("me", me));
        // By HTTP Basic there is nothing to log out from.
        frame.put("hasSession", request.getSession(false) != null);
        return frame;
    }
}
