package posthaste.ingest.policy.rate;

import java.util.Locale;

/** Whose share is counted. */
public enum Per {
    LOGIN,
    /** An IPv4 address, or an IPv6 /64 network, within which its owner chooses freely. */
    ADDRESS,
    /** The domain of the reverse-path. */
    SENDER_DOMAIN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
