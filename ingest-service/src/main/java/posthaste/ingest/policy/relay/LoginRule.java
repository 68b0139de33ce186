package posthaste.ingest.policy.relay;

import java.util.Set;
import posthaste.ingest.submitter.Login;

/**
 * Which logins are meant.
 *
 * @param all every one
 * @param names these, when not all are
 */
public record LoginRule(boolean all, Set<String> names) {
    public static final LoginRule ALL = new LoginRule(true, Set.of());
    public static final LoginRule NONE = new LoginRule(false, Set.of());

    public LoginRule {
        names = Set.copyOf(names);
    }

    boolean means(Login login) {
        return all || names.contains(login.name());
    }
}
