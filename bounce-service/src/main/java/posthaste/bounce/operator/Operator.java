package posthaste.bounce.operator;

/**
 * Somebody who is logged in.
 *
 * @param name of a local user, or {@code oidc:} and what the provider calls them
 * @param address where the request came from
 */
public record Operator(String name, Role role, String address) {

    /** May decide about mail and addresses. */
    public boolean mayOperate() {
        return role.isAtLeast(Role.OPERATOR);
    }

    /** May decide about everything. */
    public boolean mayAdminister() {
        return role.isAtLeast(Role.ADMIN);
    }
}
