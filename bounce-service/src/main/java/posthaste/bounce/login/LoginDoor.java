package posthaste.bounce.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;

/**
 * Where somebody without a login is sent: people to the login page, programs to HTTP Basic. A
 * page's own scripts are only told no, since the browser would ask for a password by itself.
 */
final class LoginDoor implements AuthenticationEntryPoint {
    static final String BY_SCRIPT = "HX-Request";

    @Override
    public void commence(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException refused)
            throws IOException {
        if (isPageForPeople(request)) {
            response.sendRedirect(request.getContextPath() + LoginPage.PATH);
            return;
        }
        if (request.getHeader(BY_SCRIPT) == null) {
            response.setHeader("WWW-Authenticate", "Basic realm=\"Posthaste\", charset=\"UTF-8\"");
        }
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    }

    /** A browser that is on its way to a page, and has not shown a password. */
    static boolean isPageForPeople(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        return request.getMethod().equals("GET")
                && accept != null
                && accept.contains("text/html")
                && request.getHeader("Authorization") == null
                && request.getHeader(BY_SCRIPT) == null;
    }
}
