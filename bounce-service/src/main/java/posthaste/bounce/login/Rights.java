package posthaste.bounce.login;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import posthaste.bounce.operator.Role;

/**
 * Which role a request wants, page and REST alike. The first line that fits counts; what changes
 * something and stands nowhere here is for admins.
 */
final class Rights {
    private record Right(RequestMatcher requests, Role role) {}

    private static final List<Right> TABLE =
            List.of(
                    // Who did what.
                    any("/actions/**", Role.ADMIN),
                    any("/api/v1/actions/**", Role.ADMIN),
                    // The contents of somebody's mail.
                    read("/quarantine/{id}", Role.OPERATOR),
                    read("/quarantine/{id}/message", Role.OPERATOR),
                    read("/api/v1/quarantine/{id}/message", Role.OPERATOR),
                    read("/**", Role.VIEWER),
                    any("/quarantine/**", Role.OPERATOR),
                    any("/api/v1/quarantine/**", Role.OPERATOR),
                    any("/suppressions/**", Role.OPERATOR),
                    any("/api/v1/suppressions/**", Role.OPERATOR),
                    any("/**", Role.ADMIN));

    private Rights() {}

    static Role wanted(HttpServletRequest request) {
        return TABLE.stream()
                .filter(right -> right.requests.matches(request))
                .map(Right::role)
                .findFirst()
                .orElse(Role.ADMIN);
    }

    private static Right any(String path, Role role) {
        return new Right(PathPatternRequestMatcher.withDefaults().matcher(path), role);
    }

    /** HEAD is GET without its body. */
    private static Right read(String path, Role role) {
        PathPatternRequestMatcher.Builder paths = PathPatternRequestMatcher.withDefaults();
        RequestMatcher get = paths.matcher(HttpMethod.GET, path);
        RequestMatcher head = paths.matcher(HttpMethod.HEAD, path);
        return new Right(request -> get.matches(request) || head.matches(request), role);
    }
}
