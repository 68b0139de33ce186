package posthaste.ingest.policy.check;

/** Whose mail is looked at. */
public enum Whose {
    NOBODY,
    /** Of clients that are not trusted. */
    STRANGERS,
    EVERYONE
}
