package posthaste.ingest.content;

/** What becomes of a mail when a scanner has no verdict for it. */
public enum WithoutVerdict {
    /** It passes, with a header field that says so. */
    OPEN,
    /** The client is asked to come again. */
    CLOSED,
    /** It is accepted into quarantine. */
    QUARANTINE
}
