package posthaste.outbound;

import java.time.Duration;

/**
 * The time that one attempt may take.
 *
 * @param beforeDot for all steps before the final dot together; waiting for the destination
 *     included
 * @param step for each of them alone (RFC 5321 section 4.5.3.2)
 * @param afterDot for the reply to the final dot: 10 minutes, since shorter waits make duplicates
 */
public record AttemptBudget(Duration beforeDot, Duration step, Duration afterDot) {
    private static final Duration AFTER_DOT = Duration.ofMinutes(10);

    /** The primary never waits: 30 s before the final dot (DESIGN 7). */
    public static final AttemptBudget PRIMARY =
            new AttemptBudget(Duration.ofSeconds(30), Duration.ofSeconds(30), AFTER_DOT);

    /** Fallback has the patience that RFC 5321 section 4.5.3.2 asks for: 5 minutes a step. */
    public static final AttemptBudget FALLBACK =
            new AttemptBudget(Duration.ofMinutes(30), Duration.ofMinutes(5), AFTER_DOT);
}
