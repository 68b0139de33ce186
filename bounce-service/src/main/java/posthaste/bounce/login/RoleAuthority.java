package posthaste.bounce.login;

import org.springframework.security.core.GrantedAuthority;
import posthaste.bounce.operator.Role;

/** A role that somebody was given at login. */
record RoleAuthority(Role role) implements GrantedAuthority {
    @Override
    public String getAuthority() {
        return "ROLE_" + role.name();
    }
}
