package posthaste.ingest.policy.rate;

import java.util.Locale;

/** What is counted. */
public enum Measure {
    /** Accepted mails. */
    MESSAGES,
    /** Recipients of accepted mails. */
    RECIPIENTS,
    /** Octets of accepted mails. */
    BYTES,
    /** Sessions begun. */
    SESSIONS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
