package posthaste.bounce.login;

import java.time.Instant;
import org.springframework.security.core.GrantedAuthority;

/**
 * When somebody logged in, and by what: a session that has become too old, or whose password was
 * changed since, ends.
 *
 * @param by a mark of the password that a local user had then; empty for who came from a provider
 */
record LoggedIn(Instant at, String by) implements GrantedAuthority {
    @Override
    public String getAuthority() {
        return "LOGGED_IN";
    }
}
