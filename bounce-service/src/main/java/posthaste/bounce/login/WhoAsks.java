package posthaste.bounce.login;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.InstantSource;
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
 * whoever is taken out of it, or gets another password, is out at once, session or not. What a
 * provider gave is only known from the login, so nobody stays logged in for ever.
 */
public final class WhoAsks {
    /** Before names that are not ours, so that nobody is called as a local user is. */
    private static final String FOREIGN = "oidc:";

    private final LocalUsers users;
    private final Duration sessionAge;
    private final InstantSource clock;

    /**
     * Takes what it asks.
     *
     * @param sessionAge how long a login lasts, whatever is done
     */
    WhoAsks(LocalUsers users, Duration sessionAge, InstantSource clock) {
        this.users = users;
        this.sessionAge = sessionAge;
        this.clock = clock;
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
                    loggedIn(local)
                            .filter(since ->
                                    users.mark(local.getName())
                                            .filter(since.by()::equals)
                                            .isPresent())
                            .flatMap(_ -> users.role(local.getName()))
                            .map(role -> new Operator(local.getName(), role, address));
            case OAuth2AuthenticationToken foreign when foreign.isAuthenticated() ->
                    loggedIn(foreign)
                            .flatMap(_ -> role(foreign))
                            .map(role -> new Operator(FOREIGN + foreign.getName(), role, address));
            case null, default -> Optional.empty();
        };
    }

    /** Empty when that was too long ago. */
    private Optional<LoggedIn> loggedIn(Authentication login) {
        return login.getAuthorities().stream()
                .filter(LoggedIn.class::isInstance)
                .map(LoggedIn.class::cast)
                .filter(since -> clock.instant().isBefore(since.at().plus(sessionAge)))
                .findFirst();
    }

    private static Optional<Role> role(Authentication login) {
        return login.getAuthorities().stream()
                .filter(RoleAuthority.class::isInstance)
                .map(authority -> ((RoleAuthority) authority).role())
                .max(Comparator.naturalOrder());
    }
}
