package posthaste.ingest.policy.stress;

/** How hard it is. */
public enum StressLevel {
    CALM(0),
    /** Strangers stand back, and get less time. */
    TIGHT(1),
    /** Nobody begins a mail, and all get less time. */
    SEVERE(2);

    private final int severity;

    StressLevel(int severity) {
        this.severity = severity;
    }

    /** As metrics show it. */
    int severity() {
        return severity;
    }
}
