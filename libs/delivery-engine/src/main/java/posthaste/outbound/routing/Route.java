package posthaste.outbound.routing;

/** Which way a domain's mail goes. */
public sealed interface Route {

    /** The name of the destination: jobs of one name share its limits and connections. */
    String destination();

    /** To a host that configuration names. */
    record ToNextHop(NextHop nextHop) implements Route {
        @Override
        public String destination() {
            return nextHop.toString();
        }
    }

    /**
     * To the hosts that DNS names.
     *
     * @param domain in A-labels, lower case
     */
    record ByMx(String domain) implements Route {
        @Override
        public String destination() {
            return domain;
        }
    }

    /**
     * To an address literal (RFC 5321 section 4.1.3).
     *
     * @param literal with its brackets
     */
    record ToLiteral(String literal) implements Route {
        @Override
        public String destination() {
            return literal;
        }
    }
}
