package posthaste.acceptance.chaos;

/**
 * An end beyond the first of a recipient.
 *
 * @param what delivered twice, or told twice
 * @param first when the sink took the first, in nanoseconds of the run
 * @param second when it took the next
 * @param why how it came to be
 * @param edge of the fault that explains it; empty where none does
 */
record Duplicate(String recipient, String what, long first, long second, Why why, String edge) {
    enum Why {
        /** The first was under way or not yet committed when a fault struck. */
        REPEATED,
        /**
         * The record that both came from was made twice: what led to it was not yet committed when
         * a fault struck.
         */
        FORKED,
        /** No fault accounts for it. */
        UNEXPLAINED
    }
}
