package posthaste.ingest.policy.check;

/**
 * What is asked of the name that a stranger says in EHLO.
 *
 * @param fullName it is a host name with a dot, or an address literal
 * @param notOurs it is not our own name
 * @param exists it has an address or takes mail
 */
public record HeloChecks(boolean fullName, boolean notOurs, boolean exists) {
    public static final HeloChecks NONE = new HeloChecks(false, false, false);
}
