package posthaste.bounce.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says no to somebody who is logged in: in which role they are, and in which they would have to be.
 */
final class Forbidden implements AccessDeniedHandler {
    /** What the page for errors shows: an attribute of the request. */
    static final String SENTENCE = "forbidden";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final WhoAsks who;
    private final LoginDoor door;

    Forbidden(WhoAsks who, LoginDoor door) {
        this.who = who;
        this.door = door;
    }

    @Override
    public void handle(
            HttpServletRequest request, HttpServletResponse response, AccessDeniedException refused)
            throws IOException {
        if (refused instanceof CsrfException) {
            say(
                    request,
                    response,
                    "This form is too old, or was sent by another site. Nothing was done: open the"
                            + " page again.");
            return;
        }
        var asking = who.of(request);
        if (asking.isEmpty()) {
            // Taken out of the users' file while logged in.
            door.commence(request, response, new InsufficientAuthenticationException("no role"));
            return;
        }
        say(
                request,
                response,
                "Your role is %s, and this is for the role %s."
                        .formatted(asking.get().role().word(), Rights.wanted(request).word()));
    }

    private static void say(
            HttpServletRequest request, HttpServletResponse response, String sentence)
            throws IOException {
        if (request.getRequestURI().startsWith("/api/")) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            response.setContentType("application/problem+json");
            response.getOutputStream()
                    .write(
                            JSON.writeValueAsString(
                                            Map.of(
                                                    "type",
                                                    "about:blank",
                                                    "title",
                                                    "Forbidden",
                                                    "status",
                                                    403,
                                                    "detail",
                                                    sentence))
                                    .getBytes(StandardCharsets.UTF_8));
            return;
        }
        request.setAttribute(SENTENCE, sentence);
        response.sendError(HttpServletResponse.SC_FORBIDDEN);
    }
}
