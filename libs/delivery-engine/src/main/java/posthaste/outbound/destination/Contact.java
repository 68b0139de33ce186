package posthaste.outbound.destination;

/** What an attempt learned of the destination itself, whatever became of the mail. */
public enum Contact {
    /** There was a session. */
    MADE,
    /** There was a session, and the destination asked for fewer ({@code 421}). */
    UNWELCOME,
    /** No host of the destination gave a session. */
    FAILED,
    /** It was not found out. */
    NONE
}
