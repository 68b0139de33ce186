package posthaste.acceptance.chaos;

import java.util.ArrayList;
import java.util.List;

/**
 * A row of the table: faults of one kind, or a mixture, and what they came to.
 *
 * @param system what was broken
 * @param faults what struck it
 * @param strikes how often
 * @param recovery the longest that no mail was acknowledged by the sink, from a strike on, in
 *     seconds
 * @param drained how long after the load's end all had come to its end, in seconds
 * @param audited what the audit itself says
 */
record Result(
        long seed,
        String system,
        String faults,
        int strikes,
        Verdict verdict,
        double recovery,
        double drained,
        Audited audited) {
    /** The audit's own figures, at the end. */
    record Audited(long queued, long settling, long unaccounted, long behind, long duplicates) {
        boolean isDrained() {
            return queued == 0 && settling == 0 && unaccounted == 0 && behind == 0;
        }
    }

    /** Whether all that may still come right has done so. */
    boolean isSettled() {
        return verdict.isSettled() && audited.isDrained();
    }

    /** What is wrong, in sentences. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>(verdict.complaints());
        if (!audited.isDrained()) {
            complaints.add("the audit says " + audited);
        }
        return complaints;
    }
}
