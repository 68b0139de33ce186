package posthaste.bounce.login;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import posthaste.bounce.operator.Operator;
import posthaste.bounce.operator.Role;

/**
 * Who makes a request, and in which role. A local user's is that of the file as it is now, so that
 * whoever is taken out of it is out at once, session or not.
 */
public final class WhoAsks {
    /** Before names that are not ours, so that nobody is called as a local user is. */
    private static final String FOREIGN = "oidc:";

    private final LocalUsers users;

    WhoAsks(LocalUsers users) {
        this.users = users;
    }

    /**
     * The one who makes the request; empty when nobody is logged in, or no role is left to them.
     */
    public Optional<Operator> of(HttpServletRequest request) {
        return of(SecurityContextHolder.getContext().getAuthentication(), request);
    }

    Optional<Operator> of(@Nullable Authentication login, HttpServletRequest request) {
        String address = request.getRemoteAddr();
        return switch (login) {
            case UsernamePasswordAuthenticationToken local when local.isAuthenticated() ->
                    users.role(local.getName())
                            .map(role -> new Operator(local.getName(), role, address));
            case OAuth2AuthenticationToken foreign when foreign.isAuthenticated() ->
                    role(foreign)
                            .map(role -> new Operator(FOREIGN + foreign.getName(), role, address));
            case null, default -> Optional.empty();
        };
    }

    private static Optional<Role> role(Authentication login) {
        return login.getAuthorities().stream()
                .filter(RoleAuthority.class::isInstance)
                .map(authority -> ((RoleAuthority) authority).role())
                .max(Comparator.naturalOrder());
    }
}
