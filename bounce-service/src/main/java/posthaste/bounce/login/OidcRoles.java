package posthaste.bounce.login;

import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.userinfo.OAuth2UserService;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import posthaste.bounce.login.WebProperties.Oidc;
import posthaste.bounce.operator.Role;

/** Who came back from the provider, with the role that a claim gives them; without one, nobody. */
final class OidcRoles implements OAuth2UserService<OidcUserRequest, OidcUser> {
    static final String NO_ROLE = "no_role";
    private static final String NO_NAME = "no_name";

    private final Oidc oidc;
    private final InstantSource clock;
    private final OidcUserService provider = new OidcUserService();

    OidcRoles(Oidc oidc, InstantSource clock) {
        this.oidc = oidc;
        this.clock = clock;
    }

    @Override
    public OidcUser loadUser(OidcUserRequest request) throws OAuth2AuthenticationException {
        OidcUser user = provider.loadUser(request);
        Role role =
                role(user.getClaims())
                        .orElseThrow(
                                () -> new OAuth2AuthenticationException(new OAuth2Error(NO_ROLE)));
        if (!(user.getClaims().get(oidc.nameClaim()) instanceof String name) || name.isBlank()) {
            throw new OAuth2AuthenticationException(new OAuth2Error(NO_NAME));
        }
        List<GrantedAuthority> authorities =
                List.of(new RoleAuthority(role), new LoggedIn(clock.instant(), ""));
        return new DefaultOidcUser(
                authorities, user.getIdToken(), user.getUserInfo(), oidc.nameClaim());
    }

    /** The highest role that the claim gives. */
    Optional<Role> role(Map<String, Object> claims) {
        Set<String> values = values(claims);
        return Map.of(
                        Role.VIEWER, oidc.viewer(),
                        Role.OPERATOR, oidc.operator(),
                        Role.ADMIN, oidc.admin())
                .entrySet()
                .stream()
                .filter(role -> role.getValue().stream().anyMatch(values::contains))
                .map(Map.Entry::getKey)
                .max(Comparator.naturalOrder());
    }

    private Set<String> values(Map<String, Object> claims) {
        // A claim may have dots in its own name, as those that are URLs do.
        @Nullable Object value = claims.get(oidc.roleClaim());
        if (value == null) {
            value = claims;
            for (String step : oidc.roleClaim().split("\\.", -1)) {
                value = value instanceof Map<?, ?> inside ? inside.get(step) : null;
            }
        }
        Set<String> values = new HashSet<>();
        switch (value) {
            case String text -> values.addAll(List.of(text.split("[ ,]+")));
            case Collection<?> many -> many.forEach(one -> values.add(String.valueOf(one)));
            case null, default -> {}
        }
        return values;
    }
}
