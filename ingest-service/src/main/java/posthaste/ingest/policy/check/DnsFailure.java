package posthaste.ingest.policy.check;

/** What becomes of a mail when DNS does not answer. */
public enum DnsFailure {
    PASS,
    /** 451: the client tries again. */
    RETRY
}
