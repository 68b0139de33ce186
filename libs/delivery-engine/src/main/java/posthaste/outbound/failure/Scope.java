package posthaste.outbound.failure;

/** Whom a trouble concerns. */
public enum Scope {
    /** This host, or the session with it: another host of the destination may do better. */
    HOST,
    /** This message for all of its recipients, at every host. */
    MESSAGE,
    /** One recipient, at every host. */
    RECIPIENT
}
